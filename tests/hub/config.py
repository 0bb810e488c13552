"""The hub of rehearse_class.py: only JupyterHub reads this file."""

import hmac
import json
import os
import resource

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner

CLASS = json.loads(os.environ["CLASS"])
FOLDER = CLASS["folder"]


class Passwords(Authenticator):
    """Let in whoever knows the password of the account."""

    async def authenticate(self, handler, data):
        password = CLASS["passwords"].get(data["username"], "")
        if password and hmac.compare_digest(password, data["password"]):
            return data["username"]


class OwnAccount(SimpleLocalProcessSpawner):
    """Start a server as the student's own account, with the limit on memory.

    An account is a number that /etc/passwd need not know, so that none is left behind.
    """

    async def start(self):
        account = CLASS["accounts"].get(self.user.name)
        self.popen_kwargs = {"umask": 0o077}
        if account:
            self.popen_kwargs |= {"user": account, "group": account, "extra_groups": []}
        return await super().start()

    def make_preexec_fn(self, name):
        enter_home = super().make_preexec_fn(name)

        def prepare():
            resource.setrlimit(resource.RLIMIT_DATA, (CLASS["memory"],) * 2)
            enter_home()

        return prepare


c = get_config()  # noqa: F821 (JupyterHub gives it)
c.JupyterHub.authenticator_class = Passwords
c.Authenticator.allowed_users = set(CLASS["passwords"])
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.ConfigurableHTTPProxy.command = [CLASS["proxy"]]
c.ConfigurableHTTPProxy.pid_file = f"{FOLDER}/hub/proxy.pid"
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/hub/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{FOLDER}/hub/cookie_secret"
c.JupyterHub.services = [{"name": "lecturer", "api_token": CLASS["token"]}]
c.JupyterHub.load_roles = [
    {
        "name": "lecturer",
        "services": ["lecturer"],
        "scopes": ["admin:users", "admin:servers", "admin:server_state"],
    }
]
c.JupyterHub.spawner_class = OwnAccount
c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/{{username}}"
c.Spawner.ip = "127.0.0.1"
c.Spawner.cmd = [CLASS["python"], "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--KernelManager.transport=ipc", "--allow-root"]
c.Spawner.environment = {
    "PYTHONPATH": CLASS["path"],
    "JUPYTER_RUNTIME_DIR": lambda spawner: f"{spawner.home_dir}/run",  # short: sockets
}
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
