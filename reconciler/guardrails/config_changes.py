"""Stage 7b, too: which rules of a workspace are others than at the base of a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

from reconciler.codec.numbers import plain
from reconciler.guardrails.limits import DEFAULT_LIMITS
from reconciler.model.review import DEFAULT_PRICE_MOVED_PCT, ConfigChange
from reconciler.model.specs import TradeSpec

Values = Mapping[str, object]

# Only what is known is shown: what else a file holds may be a secret that somebody has just taken out of it.
_TOP_KEYS = (
    *("workspace", "workspace_was", "target", "include", "nested", "foreign", "price_moved_pct"),
    *("fees", "maintenance_margin_pct", "plan_age", "policy", "freeze"),
)
_TARGET_KEYS = ("kind", "mode", "base_url", "accounts", "requests_per_minute", "settle", "gateway_delay", "lock")
_ROOT = "."


def compare_config(before: Values, after: Values) -> tuple[ConfigChange, ...]:
    """Find the rules of a reconciler.yaml that changed, defaults filled in.

    Args:
        before: Its content at the base; empty if there was none.
        after: Its content now; empty if there is none.
    """
    return _compare(dict(_flatten(before)), dict(_flatten(after)))


def compare_folder(before: str | None, after: str) -> tuple[ConfigChange, ...]:
    """Find that the workspace is in another folder than at the base, or is new.

    Args:
        before: Its folder at the base, from the top of the repository; None if there is none.
        after: Its folder now.
    """
    if before == after:
        return ()
    return (ConfigChange(path="folder", before=None if before is None else before or _ROOT, after=after or _ROOT),)


def compare_prevent(before: Iterable[TradeSpec], after: Iterable[TradeSpec]) -> tuple[ConfigChange, ...]:
    """Find the trades whose `lifecycle.prevent` lost words since the base, also by being removed from the files.

    Args:
        before: The trades of the base.
        after: The trades of now; one that was renamed is found by its former names.
    """
    now = {name: spec for spec in after for name in (*spec.former_names, spec.name)}
    changes: list[ConfigChange] = []
    for old in before:
        new = now.get(old.name)
        kept = new.lifecycle.prevent if new else frozenset()
        if old.lifecycle.prevent - kept:
            path = f"trades.{new.name if new else old.name}.lifecycle.prevent"
            changes.append(ConfigChange(path=path, before=_join(old.lifecycle.prevent), after=_join(kept) or None))
    return tuple(changes)


def _compare(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[ConfigChange, ...]:
    return tuple(
        ConfigChange(path=path, before=old.get(path), after=new.get(path))
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    )


def _flatten(config: Values) -> Iterator[tuple[str, str]]:
    """List the rules of a configuration, stated or default, by path."""
    yield from _flatten_value("guardrails", {**DEFAULT_LIMITS, **_group(config.get("guardrails"))})
    stated = {"price_moved_pct": DEFAULT_PRICE_MOVED_PCT, **config}
    for key in _TOP_KEYS:
        if key in stated:
            yield from _flatten_value(key, stated[key])
    for name, target in _group(config.get("targets")).items():
        yield from _flatten_target(f"targets.{name}", _group(target))


def _flatten_value(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flatten_value(f"{path}.{key}", each)
    else:
        yield path, _show(value)


def _flatten_target(path: str, target: Values) -> Iterator[tuple[str, str]]:
    for key in _TARGET_KEYS:
        value = target.get(key)
        if key == "accounts":
            yield from ((f"{path}.accounts.{alias}", _show(number)) for alias, number in _group(value).items())
        elif value is not None:
            yield f"{path}.{key}", _hide_user(str(value)) if key == "base_url" else _show(value)


def _group(value: object) -> Values:
    return value if isinstance(value, Mapping) else {}


def _show(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_show, value))}]"
    return plain(value) if isinstance(value, Decimal) else str(value)


def _hide_user(url: str) -> str:
    """Return an address without user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _join(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
