"""What a database holds before anybody uses it: the policy that promises are made under."""

from importlib.resources import files

from gridtrack.access import Permission, require
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Tree
from gridtrack.deadlines import calendar_store
from gridtrack.deadlines import policy_store as policies
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy import Known, load, parse
from gridtrack.deadlines.policy_diff import differences
from gridtrack.errors import Invalid
from gridtrack.usecases.calendar import keep_calendars
from gridtrack.work import Work

OWN_FILE = "policy.toml"


def keep_policy(work: Work) -> None:
    """Store the deployment's policy (its own file, else the shipped one) if it is a new version.

    The calendars come first: a policy names them. Once somebody has published a version the file
    is followed no more.
    """
    require(work.actor, Permission.RULES_EDIT)
    keep_calendars(work)
    if policies.published_by_people(work.session):
        return  # the file was the first version; from now on versions are made in the product
    deadlines.keep_policy(work.session, load(file_text(work), known(work)), work.now)
    work.memo.forget("policies")


def file_text(work: Work) -> str:
    """The deployment's own policy file, else the shipped one."""
    require(work.actor, Permission.RULES_EDIT)
    own = work.settings.instance / OWN_FILE
    shipped = files("gridtrack.deadlines") / OWN_FILE
    return own.read_text("utf-8") if own.exists() else shipped.read_text("utf-8")


def file_differs(work: Work) -> bool:
    """True where the deployment's own policy file says otherwise than the version in force."""
    require(work.actor, Permission.RULES_EDIT)
    if not (work.settings.instance / OWN_FILE).exists():
        return False
    try:
        mine = parse(load(file_text(work)), 0)
    except Invalid:
        return True
    now = deadlines.policy_at(work.session, work.memo, work.now)
    return bool(differences(now, mine))


def conditions_of(tree: Tree) -> dict[str, list[str]]:
    """The filing conditions of each category; those of all below it at a heading and at ""."""
    found: dict[str, list[str]] = {}
    for category in tree.categories.values():
        for one in category.conditions:
            for named in dict.fromkeys(("", category.group, category.code)):
                known = found.setdefault(named, [])
                if one.code not in known:
                    known.append(one.code)
    return found


def known(work: Work) -> Known:
    """What a policy may name here: the calendars and categories there are."""
    require(work.actor, Permission.RULES_EDIT)
    tree = categories.tree(work.memo, work.settings.instance)
    return Known(
        calendars=list(calendar_store.named(work.session)),
        categories={*tree.groups, *tree.categories},
        conditions=conditions_of(tree),
    )
