"""What a command is given: settings read once, and the runtime made from them."""

import functools
import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import click
from flask import Flask

from gridtrack.audit.rules import CONSOLE, Origin
from gridtrack.clock import Clock, SystemClock
from gridtrack.errors import GridtrackError, Rejected
from gridtrack.i18n.sentences import sentence
from gridtrack.settings import Settings
from gridtrack.work import Runtime, make_runtime

STEADY = ("serve", "worker", "demo", "replay")
MakeApp = Callable[..., Flask]


@dataclass(frozen=True, slots=True)
class Doors:
    """What `__main__` hands to every command: settings, and how to make the web application."""

    settings: Settings
    create_app: MakeApp
    clock: Clock

    @classmethod
    def open(cls, settings: Settings, create_app: MakeApp) -> "Doors":
        """Doors on the computer's clock."""
        return cls(settings, create_app, SystemClock())


def doors(ctx: click.Context) -> Doors:
    """The doors of this command."""
    found = ctx.find_object(Doors)
    assert found is not None
    return found


def runtime(ctx: click.Context) -> Runtime:
    """A runtime on the settings of this command: what it does is audited under its own name."""
    here = doors(ctx)
    return replace(make_runtime(here.settings, here.clock), origin=origin(ctx))


def origin(ctx: click.Context) -> Origin:
    """Who called which command; those that go on working by themselves say nothing of each step."""
    act = ctx.command_path.partition(" ")[2] or ctx.info_name or ""
    if act in STEADY:
        return Origin(CONSOLE)
    user = os.getuid()
    with suppress(KeyError):  # a container may know no name for its user
        return Origin(CONSOLE, act, session=f"os:{pwd.getpwuid(user).pw_name}")
    return Origin(CONSOLE, act, session=f"os:{user}")


def say(error: GridtrackError, locale: str) -> str:
    """An error in words, every fault of a list on its own line."""
    if isinstance(error, Rejected):
        return "\n".join(sentence(f.code, locale, **f.params) for f in error.faults)
    return sentence(error.code, locale, **error.params)


def tells_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print an error of ours in words and leave with exit code 2; others stay tracebacks."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except GridtrackError as error:
            context = click.get_current_context()
            found = context.find_object(Doors)
            click.echo(say(error, found.settings.locale if found else "zh"), err=True)
            context.exit(2)

    return told
