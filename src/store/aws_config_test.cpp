#include "store/aws_config.hpp"
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include "base/uid.hpp"

namespace lamin::store {
namespace {

namespace fs = std::filesystem;

/// A home folder of its own, and no AWS variables but those of the test; as before afterwards.
class AwsConfig : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = fs::temp_directory_path() / ("lamin-aws-" + base::random_uid(8));
    fs::create_directories(home_ / ".aws");
    for (const auto* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
                             "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL",
                             "AWS_ENDPOINT_URL_S3", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"}) {
      keep(name);
      unsetenv(name);
    }
    set("HOME", home_.string());
    set("AWS_EC2_METADATA_DISABLED", "true");
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) {
      if (value) setenv(name.c_str(), value->c_str(), 1);
      else unsetenv(name.c_str());
    }
    fs::remove_all(home_);
  }
  void set(const std::string& name, const std::string& value) {
    keep(name);
    setenv(name.c_str(), value.c_str(), 1);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(home_ / ".aws" / name) << text; }

 private:
  void keep(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    before_.emplace(name, value == nullptr ? std::nullopt : std::optional(std::string(value)));
  }
  fs::path home_;
  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(AwsConfig, NothingIsAnonymous) {
  EXPECT_TRUE(aws_credentials(false).is_anonymous());
  EXPECT_EQ(aws_region(), "");
  EXPECT_EQ(aws_endpoint(), "");
}

TEST_F(AwsConfig, TheEnvironmentComesFirst) {
  write("credentials", "[default]\naws_access_key_id = of-file\naws_secret_access_key = secret\n");
  write("config", "[default]\nregion = eu-north-1\nendpoint_url = http://of-file\n");
  EXPECT_EQ(aws_credentials(false).access_key, "of-file");
  EXPECT_EQ(aws_region(), "eu-north-1");
  EXPECT_EQ(aws_endpoint(), "http://of-file");
  set("AWS_ACCESS_KEY_ID", "of-environment");
  set("AWS_SECRET_ACCESS_KEY", "s");
  set("AWS_SESSION_TOKEN", "t");
  set("AWS_DEFAULT_REGION", "eu-west-1");
  set("AWS_ENDPOINT_URL", "http://all");
  EXPECT_EQ(aws_credentials(false).access_key, "of-environment");
  EXPECT_EQ(aws_credentials(false).token, "t");
  EXPECT_EQ(aws_region(), "eu-west-1");
  EXPECT_EQ(aws_endpoint(), "http://all");
  set("AWS_REGION", "us-west-2");
  set("AWS_ENDPOINT_URL_S3", "http://s3");
  EXPECT_EQ(aws_region(), "us-west-2");
  EXPECT_EQ(aws_endpoint(), "http://s3");
}

TEST_F(AwsConfig, ProfilesAreNamedInTwoWays) {
  write("credentials",
        "# mine\n[default]\naws_access_key_id=a\naws_secret_access_key=b\n\n[lab]\n"
        "aws_access_key_id = c\naws_secret_access_key = d=e\naws_session_token = f\n");
  write("config",
        "[profile lab]\nregion = eu-central-1\ns3 =\n  addressing_style = path\n[default]\nregion=us-east-2\n");
  EXPECT_EQ(aws_credentials(false).secret_key, "b");
  EXPECT_EQ(aws_region(), "us-east-2");
  set("AWS_PROFILE", "lab");
  EXPECT_EQ(aws_credentials(false).access_key, "c");
  EXPECT_EQ(aws_credentials(false).secret_key, "d=e");
  EXPECT_EQ(aws_credentials(false).token, "f");
  EXPECT_EQ(aws_region(), "eu-central-1");
}

}  // namespace
}  // namespace lamin::store
