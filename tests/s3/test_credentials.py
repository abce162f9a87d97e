"""Whom a request is signed by: each source of credentials, played by a server on this machine, in botocore's order."""
import hashlib
import http.server
import json
import os
import re
import subprocess
import threading
import time

import pytest

NO_ACCESS = 4
FAR = "2099-01-01T00:00:00Z"


class Services(http.server.BaseHTTPRequestHandler):
    """What gives out credentials, and an S3 server that has nothing."""

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, kind="application/json"):
        body = (json.dumps(body) if isinstance(body, dict) else body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        keys = {"AccessKeyId": "", "SecretAccessKey": "secret", "Token": "token", "Expiration": self.server.expires, "Code": "Success"}
        path = self.path.partition("?")[0]
        if path == "/latest/api/token":
            return self.answer("of the machine", 200 if self.server.has_tokens else 404)
        if path == "/latest/meta-data/iam/security-credentials/":
            wanted = {"x-aws-ec2-metadata-token": "of the machine"} if self.server.has_tokens else {}
            given = {name.lower(): value for name, value in self.headers.items()}
            return self.answer("the-role") if wanted.items() <= given.items() else self.answer("", 401)
        if path == "/latest/meta-data/iam/security-credentials/the-role":
            return self.answer({**keys, "AccessKeyId": "MACHINE"})
        if path == "/container":
            return self.answer({**keys, "AccessKeyId": "CONTAINER"}) if self.headers.get("Authorization") == "of-container" else self.answer("", 403)
        if path == "/federation/credentials":
            if self.headers.get("x-amz-sso_bearer_token") not in ("signed-on", "refreshed"):
                return self.answer("{}", 401)
            return self.answer({"roleCredentials": {"accessKeyId": "SIGNEDON", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4070908800000}})
        if path == "/token":
            return self.answer({"accessToken": "refreshed", "expiresIn": 28800, "refreshToken": "next"})
        action = re.search(r"Action=(\w+)", body)
        if self.command == "POST" and action:
            if "RoleArn=refused" in body:
                return self.answer("<ErrorResponse><Error><Code>AccessDenied</Code><Message>you may not</Message></Error></ErrorResponse>", 403, "text/xml")
            by = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
            key = f"{action[1]}-by-{by[1] if by else 'nobody'}"
            return self.answer(f'<R xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Result><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s'
                               f"</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{FAR}</Expiration></Credentials></Result></R>", 200, "text/xml")
        return self.answer("<Error><Code>AccessDenied</Code><Message>nothing here</Message></Error>", 403, "application/xml")

    do_GET = do_HEAD = do_PUT = do_POST = handle_request


@pytest.fixture
def services():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Services)
    server.seen, server.has_tokens, server.expires = [], True, FAR
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def signer(lamin, home, services, tmp_path):
    """Who signs a request to S3, '' if nobody does; or what is said instead."""
    (home / ".aws" / "sso" / "cache").mkdir(parents=True)

    def run(config="", credentials="", **env):
        (home / ".aws" / "config").write_text(config)
        (home / ".aws" / "credentials").write_text(credentials)
        services.seen.clear()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run([lamin, "init", "--storage", f"s3://bucket?endpoint_url={services.url}", "--db", f"sqlite://{tmp_path}/a.db", "--name", "who"],
                              cwd=tmp_path, capture_output=True, text=True, timeout=60,
                              env={**clean, "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL_STS": services.url, "AWS_ENDPOINT_URL_SSO": services.url,
                                   "AWS_ENDPOINT_URL_SSO_OIDC": services.url, **env})
        assert done.returncode != 0
        to_s3 = [headers for _, path, headers, _ in services.seen if path.startswith("/bucket")]
        if not to_s3:
            return done.stderr
        found = re.search(r"Credential=([^/]+)/", {name.lower(): value for name, value in to_s3[0].items()}.get("authorization", ""))
        return found[1] if found else ""

    return run


KEYS = "aws_access_key_id = {}\naws_secret_access_key = s\n"


def test_keys(signer):
    assert signer() == ""
    assert signer(AWS_ACCESS_KEY_ID="ENV", AWS_SECRET_ACCESS_KEY="s", credentials="[default]\n" + KEYS.format("FILE")) == "ENV"


def test_keys_of_a_profile(signer):
    assert signer(credentials="[default]\n" + KEYS.format("FILE") + "[lab]\n" + KEYS.format("LAB"), AWS_PROFILE="lab") == "LAB"


def test_a_program_of_the_profile(signer):
    said = json.dumps({"Version": 1, "AccessKeyId": "PROGRAM", "SecretAccessKey": "s"})
    assert signer(f"[default]\ncredential_process = /bin/echo '{said}'\n") == "PROGRAM"


def test_a_program_that_fails_is_named(signer):
    said = signer("[default]\ncredential_process = /bin/false\n")
    assert "'/bin/false' of the profile 'default' gives no credentials: it ended with status 1" in said


def test_the_role_of_a_machine(signer, services):
    assert signer(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=services.url) == "MACHINE"


def test_the_role_of_a_machine_of_the_first_version(signer, services):
    services.has_tokens = False
    assert signer(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=services.url) == "MACHINE"


def test_credentials_that_expire_are_asked_for_again(signer, services):
    services.expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
    assert signer(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT=services.url) == "MACHINE"
    asked = [path for _, path, _, _ in services.seen if path.endswith("/the-role")]
    assert len(asked) > 1


def test_the_role_of_a_container(signer, services, tmp_path):
    (tmp_path / "token").write_text("of-container\n")
    assert signer(AWS_CONTAINER_CREDENTIALS_FULL_URI=services.url + "/container", AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(tmp_path / "token")) == "CONTAINER"


def test_the_token_of_a_container_is_given_to_nobody_else(signer):
    said = signer(AWS_CONTAINER_CREDENTIALS_FULL_URI="http://example.org/container", AWS_CONTAINER_AUTHORIZATION_TOKEN="of-container")
    assert "neither encrypted nor on this machine" in said


def test_a_web_identity(signer, services, tmp_path):
    (tmp_path / "jwt").write_text("jwt")
    assert signer(AWS_WEB_IDENTITY_TOKEN_FILE=str(tmp_path / "jwt"), AWS_ROLE_ARN="arn:aws:iam::1:role/r",
                  credentials="[default]\n" + KEYS.format("FILE")) == "AssumeRoleWithWebIdentity-by-nobody"
    (body,) = [body for method, _, _, body in services.seen if "AssumeRole" in body]
    assert "WebIdentityToken=jwt" in body and "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr" in body


def test_a_role_by_the_keys_of_another_profile(signer):
    assert signer("[default]\nrole_arn = arn:r\nsource_profile = base\nexternal_id = e\n", "[base]\n" + KEYS.format("BASE")) == "AssumeRole-by-BASE"


def test_a_role_by_another_role(signer):
    config = "[default]\nrole_arn = arn:2\nsource_profile = one\n[profile one]\nrole_arn = arn:1\nsource_profile = base\n"
    assert signer(config, "[base]\n" + KEYS.format("BASE")) == "AssumeRole-by-AssumeRole-by-BASE"


def test_a_role_by_the_machine(signer, services):
    assert signer("[default]\nrole_arn = arn:r\ncredential_source = Ec2InstanceMetadata\n", AWS_EC2_METADATA_DISABLED="false",
                  AWS_EC2_METADATA_SERVICE_ENDPOINT=services.url) == "AssumeRole-by-MACHINE"


@pytest.mark.parametrize("config, what", [
    ("role_arn = refused\nsource_profile = base", "you may not"),
    ("role_arn = arn:r\nsource_profile = none", "no profile 'none'"),
    ("role_arn = arn:r\nsource_profile = default", "its own source"),
    ("role_arn = arn:r\nsource_profile = base\nmfa_serial = 1", "a code of a device"),
    ("role_arn = arn:r\ncredential_source = Elsewhere", "'Elsewhere'"),
])  # fmt: skip
def test_a_role_that_cannot_be_taken_on(signer, config, what):
    said = signer(f"[default]\n{config}\n", "[base]\n" + KEYS.format("BASE"))
    assert "cannot be taken on" in said and what in said


SESSION = "[default]\nsso_session = lab\nsso_account_id = 1\nsso_role_name = r\n[sso-session lab]\nsso_start_url = https://lab.example\nsso_region = us-east-1\n"


def signed_on(home, name, **more):
    path = home / ".aws" / "sso" / "cache" / (hashlib.sha1(name.encode()).hexdigest() + ".json")
    path.write_text(json.dumps({"startUrl": "https://lab.example", "accessToken": "signed-on", "expiresAt": FAR, **more}))
    return path


def test_single_sign_on(signer, home):
    signed_on(home, "lab")
    assert signer(SESSION) == "SIGNEDON"


def test_single_sign_on_without_a_session(signer, home):
    signed_on(home, "https://lab.example")
    assert signer("[default]\nsso_start_url = https://lab.example\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n") == "SIGNEDON"


def test_a_sign_on_is_refreshed(signer, home):
    path = signed_on(home, "lab", expiresAt="2020-01-01T00:00:00Z", refreshToken="first", clientId="c", clientSecret="s", registrationExpiresAt=FAR)
    assert signer(SESSION) == "SIGNEDON"
    kept = json.loads(path.read_text())
    assert kept["accessToken"] == "refreshed" and kept["refreshToken"] == "next" and path.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("more", [None, {"expiresAt": "2020-01-01T00:00:00Z"}, {"accessToken": "of another time"}])
def test_who_has_to_sign_on_again_is_told_so(signer, home, more):
    if more is not None:
        signed_on(home, "lab", **more)
    assert "aws sso login" in signer(SESSION)
