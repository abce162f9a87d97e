"""A folder as paramiko's SFTP server shows it, to be read."""
import os
import threading

import paramiko


class Door(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class Handle(paramiko.SFTPHandle):
    def stat(self):
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class Files(paramiko.SFTPServerInterface):
    root = ""

    def _at(self, path):
        return self.root + self.canonicalize(path)

    def list_folder(self, path):
        try:
            return [paramiko.SFTPAttributes.from_stat(os.stat(os.path.join(self._at(path), name)), name) for name in os.listdir(self._at(path))]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def stat(self, path):
        try:
            return paramiko.SFTPAttributes.from_stat(os.stat(self._at(path)))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):
        if flags & (os.O_WRONLY | os.O_RDWR):
            return paramiko.SFTP_PERMISSION_DENIED
        try:
            handle = Handle(flags)
            handle.readfile = open(self._at(path), "rb")
            return handle
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)


def serve(listener, key, folder):
    """Until the listener is closed."""
    files = type("FilesOf", (Files,), {"root": str(folder)})
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        transport = paramiko.Transport(connection)
        transport.add_server_key(key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, files)
        threading.Thread(target=transport.start_server, kwargs={"server": Door()}, daemon=True).start()
