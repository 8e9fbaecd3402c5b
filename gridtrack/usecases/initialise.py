"""What a database holds before anybody uses it: the policy that promises are made under."""

from importlib.resources import files

from gridtrack.access import Permission, require
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy import load
from gridtrack.work import Work

OWN_FILE = "policy.toml"


def keep_policy(work: Work) -> None:
    """Store the deployment's policy (its own file, else the shipped one) if it is a new version."""
    require(work.actor, Permission.RULES_EDIT)
    own = work.settings.instance / OWN_FILE
    shipped = files("gridtrack.deadlines") / OWN_FILE
    text = own.read_text("utf-8") if own.exists() else shipped.read_text("utf-8")
    deadlines.keep_policy(work.session, load(text), work.now)
    work.memo.forget("policies")
