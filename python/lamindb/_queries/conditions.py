"""Conditions of a query: keywords and Q objects, checked against a registry."""

from .. import _core
from .._process import session as _session
from .._surface import former
from ..errors import FieldError, NotAnIdentifier, UnknownName

_BRANCH_KEYS = ("branch", "branch_id")
_WITH_FEATURES = ("Artifact", "Run", "Record")
_led_somewhere = set()  # (registry, keyword) already checked


class Q:
    """A condition that can be combined: `Q(name="a") | ~Q(type=None)`.

    The parts are keywords, and other conditions.

    Args:
        *args (Q): other conditions.
        _connector ("AND" | "OR" | "XOR"): how the parts are joined.
        _negated (bool): whether it holds when they do not.
        **kwargs: keywords of `filter`.

    Example:

        >>> bt.CellType.filter(ln.Q(name="T cell") | ln.Q(name="B cell")).count()
        2
    """

    AND, OR = "AND", "OR"
    of_feature = False  # whether it compares a feature

    def __init__(self, *args, _connector=AND, _negated=False, **kwargs):
        self.children = [*args, *kwargs.items()]
        self.connector = _connector
        self.negated = _negated

    def _combine(self, other, connector):
        if not isinstance(other, Q):
            raise TypeError(f"a Q can be combined with a Q, not with a {type(other).__name__}")
        for q, without in ((self, other), (other, self)):
            if not q.children:  # it is empty
                return without
        both = Q(_connector=connector)
        for q in (self, other):
            if not q.negated and (q.connector == connector or len(q.children) == 1):
                both.children.extend(q.children)
            else:
                both.children.append(q)
        return both

    def add(self, data, conn_type):
        """Combines it with another, in place.

        Args:
            data (Q): the other condition.
            conn_type ("AND" | "OR" | "XOR"): how they are joined.

        Example:

            >>> either = ln.Q(name="T cell")
            >>> _ = either.add(ln.Q(name="B cell"), ln.Q.OR)
            >>> bt.CellType.filter(either).count()
            2
        """
        vars(self).update(vars(self._combine(data, conn_type)))
        return self

    def __and__(self, other):
        return self._combine(other, self.AND)

    def __or__(self, other):
        return self._combine(other, self.OR)

    def __xor__(self, other):
        return (self & ~other) | (~self & other)

    def __bool__(self):
        return bool(self.children)

    def __eq__(self, other):
        if not isinstance(other, Q):
            return NotImplemented
        return (self.connector, self.negated, self.children) == (other.connector, other.negated, other.children)

    def __hash__(self):
        return hash(repr(self))

    def __invert__(self):
        return Q(*self.children, _connector=self.connector, _negated=not self.negated)

    def keys(self):
        """Its keywords, at any depth (a list of str).

        Example:

            >>> list((ln.Q(name="T cell") & ln.Q(synonyms=None)).keys())
            ['name', 'synonyms']
        """
        for child in self.children:
            if isinstance(child, tuple):
                yield child[0]
            elif not isinstance(child, str):
                yield from child.keys()

    def __repr__(self):
        inner = ", ".join(repr(child) for child in self.children)
        text = f"({self.connector}: {inner})"
        return f"(NOT {text})" if self.negated else text


def says_which(queries, expressions):
    """Whether rows are selected by what identifies them, or by branch: then none is hidden. A Q only counts by branch, as in LaminDB."""
    branches = (*_BRANCH_KEYS, "visibility")  # the latter is the former name
    if any(_core.selects_rows(keyword) or keyword.startswith(branches) for keyword in expressions):
        return True
    return any(keyword.startswith(branches) for q in queries for keyword in q.keys())


def asked(idlike, queries):
    """(what identifies a row, Q objects); the first Q object may be passed in its place."""
    return (None, (idlike, *queries)) if isinstance(idlike, Q) else (idlike, queries)


def identified(idlike):
    """The condition for the row with this id, or with a uid that starts with it."""
    if isinstance(idlike, int):
        return {"id": idlike}
    if isinstance(idlike, str):
        return {"uid__startswith": idlike}
    raise NotAnIdentifier(f"a row is got by its id or uid, by Q objects or by keywords, not by {idlike!r}")


def conditions(model, query, queries, expressions, negate=False, session=None):
    """A query with further conditions; keywords are checked and former names translated."""
    names = model._names
    aliases = model._aliases
    for keyword, value in expressions.items():
        head = keyword.partition("__")[0]
        if head not in names or head in aliases or head == "pk" or _by_name(model, keyword, value) or (value is None and head in _BRANCH_KEYS):
            expressions = _translate(model, expressions, session)
            break
    if queries:
        queries = [_checked(model, q, session) for q in queries if not isinstance(q, Q) or q.children]
    if not queries and not expressions:
        return query
    for keyword in expressions:
        if "__" in keyword:
            _check_path(model, keyword, session)
    return query.where(queries, expressions, negate)


def _by_name(model, keyword, value):
    """Whether a text is compared with a relation, which compares ids."""
    return isinstance(value, str) and (keyword in model._references or keyword in model._to_many)


def _check_path(model, keyword, session):
    """Raises for a wrong path where it is written, not where the rows are read."""
    asked = (model.__registry__, keyword)
    if asked not in _led_somewhere:
        _core.check_keyword(session or _session.current_or_bare(), *asked)
        if keyword.partition("__")[0] in model._names:  # what a feature name means may change
            _led_somewhere.add(asked)


def _translate(model, expressions, session=None):
    out = {}
    for keyword, value in expressions.items():
        head, _, rest = keyword.partition("__")
        if head == "pk":
            head = "id"
        alias = model._aliases.get(head)
        if alias is not None:
            if callable(alias):
                head, value = alias(value)
            else:
                head = alias
        elif head not in model._names:
            here = session or _session.current_or_bare()
            today = None if _is_feature(model, head, here) else former.keyword(model, head)
            if today in model._names:
                head = today
            else:
                rest, value = _of_feature(model, head, rest, value, here)
        if head in _BRANCH_KEYS and value is None and not rest:
            continue  # on every branch
        if not rest and _by_name(model, head, value):
            raise FieldError(f"Invalid lookup '{value}' for {head}. Did you mean {head}__name?")
        out[f"{head}__{rest}" if rest else head] = value
    return out


def _is_feature(model, name, session):
    """Whether a former name is that of a feature, which takes precedence."""
    return name in former.of_class(model) and session.is_open and _core.feature_meant(session, model.__registry__, name) is not None


def _of_feature(model, name, rest, value, session):
    """The look-up and the value for a name that is not a field but may be a feature: labels are passed by uid."""
    several = rest == "in" and not isinstance(value, str) and not hasattr(value, "_one_column")
    labels = list(value) if several else [value]
    if not any(hasattr(label, "__registry__") for label in labels):
        if not rest:  # a longer path is checked as a path
            _core.check_keyword(session, model.__registry__, name)
        return rest, value
    feature = _core.feature_meant(session, model.__registry__, name)
    if feature is None:
        raise unknown_field(model, name)
    for label in labels:
        _core.check_label(feature, label)
    uids = [label.uid for label in labels]
    return "__".join(filter(None, ("uid", rest))), uids if several else uids[0]


def _checked(model, q, session=None):
    """The same condition with its keywords translated."""
    if isinstance(q, str):
        return q
    if not isinstance(q, Q):
        raise TypeError(f"a query takes Q objects and keywords, not a {type(q).__name__}")
    if q.of_feature and model.__registry__ not in _WITH_FEATURES:
        raise FieldError(f"Feature predicates are only supported for Artifact, Run, and Record, not {model.__name__}.")
    children = []
    for child in q.children:
        if isinstance(child, tuple):
            translated = _translate(model, dict([child]), session)
            for keyword in translated:
                _check_path(model, keyword, session)
            children.extend(translated.items())
        else:
            children.append(_checked(model, child, session))
    return Q(*children, _connector=q.connector, _negated=q.negated)


def narrowed(model, query, queries, expressions, session=None):
    """`conditions` for `filter`, which says of a name that is neither a field nor a feature what it may be."""
    try:
        return conditions(model, query, queries, expressions, session=session)
    except FieldError as error:
        here = session or _session.current_or_bare()
        heads = dict.fromkeys(keyword.partition("__")[0] for keyword in expressions)
        unknown = [head for head in heads if head not in model._names and not _is_known(model, head, here)]
        if model.__registry__ not in _WITH_FEATURES or not unknown:
            raise
        fields = ", ".join(sorted(name for name in model._names if not name.startswith(("_", "links_", "linked_")) and name != "pk"))
        raise UnknownName(
            f"You can query either by available fields: {fields}\nOr fix invalid feature names: {', '.join(sorted(unknown))}. {error}"
        ) from None


def _is_known(model, name, session):
    return name in model._aliases or name in former.of_class(model) or _core.feature_meant(session, model.__registry__, name) is not None


def unknown_field(model, name):
    """The error for a name that is not a field, with likely intended ones."""
    from difflib import get_close_matches

    known = sorted(n for n in model._names if not n.startswith("_") and n != "pk")
    near = get_close_matches(name, known, 3)
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return FieldError(f"Unknown field '{name}'.{meant} Available fields: {', '.join(known)}")


def field_name(field):
    """A field by name, as `ULabel.name` or as a string."""
    return field if isinstance(field, str) or field is None else field.name
