"""What a query asks: keywords and Q objects, checked against a registry."""

from ..errors import FieldError

_BRANCH_KEYS = ("branch", "branch_id")


class Q:
    """A condition to be combined: `Q(name="a") | ~Q(type=None)`."""

    def __init__(self, *args, _connector="AND", _negated=False, **kwargs):
        self.children = [*args, *kwargs.items()]
        self.connector = _connector
        self.negated = _negated

    def _combine(self, other, connector):
        if not isinstance(other, Q):
            raise TypeError(f"a Q can be combined with a Q, not with a {type(other).__name__}")
        both = Q(_connector=connector)
        for q in (self, other):
            if not q.negated and (q.connector == connector or len(q.children) == 1):
                both.children.extend(q.children)
            else:
                both.children.append(q)
        return both

    def __and__(self, other):
        return self._combine(other, "AND")

    def __or__(self, other):
        return self._combine(other, "OR")

    def __invert__(self):
        if len(self.children) == 1 or not self.negated:
            return Q(self, _negated=True)
        return Q(*self.children, _connector=self.connector)

    def keys(self):
        """The keywords that it names, at any depth."""
        for child in self.children:
            if isinstance(child, tuple):
                yield child[0]
            else:
                yield from child.keys()

    def __repr__(self):
        inner = ", ".join(repr(child) for child in self.children)
        text = f"({self.connector}: {inner})"
        return f"(NOT {text})" if self.negated else text


def conditions(model, query, queries, expressions, negate=False):
    """A query with further conditions; keywords are checked and their former names translated."""
    names = model._names
    aliases = model._aliases
    for keyword in expressions:
        head = keyword.partition("__")[0]
        if head not in names or head in aliases or head == "pk" or keyword in model._references:
            query, expressions = _translate(model, query, expressions)
            break
    if queries:
        _check_q(model, queries)
    if not queries and not expressions:
        return query
    return query.where(queries, expressions, negate)


def _translate(model, query, expressions):
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
            raise unknown_field(model, head)
        if head in _BRANCH_KEYS and value is None and not rest:
            query = query.on_any_branch()
            continue
        if not rest and isinstance(value, str) and head in model._references:
            raise FieldError(f"Invalid lookup '{value}' for {head}. Did you mean {head}__name?")
        out[f"{head}__{rest}" if rest else head] = value
    return query, out


def _check_q(model, queries):
    for q in queries:
        if not isinstance(q, Q):
            raise TypeError(f"a query takes Q objects and keywords, not a {type(q).__name__}")
        for keyword in q.keys():
            head = keyword.partition("__")[0]
            if head not in model._names and head not in model._aliases:
                raise unknown_field(model, head)


def unknown_field(model, name):
    """The error for a name that is no field, with those that may have been meant."""
    from difflib import get_close_matches

    known = sorted(n for n in model._names if not n.startswith("_") and n != "pk")
    near = get_close_matches(name, known, 3)
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return FieldError(f"Unknown field '{name}'.{meant} Available fields: {', '.join(known)}")


def field_name(field):
    """A field by name, as `ULabel.name` or as a string."""
    return field if isinstance(field, str) or field is None else field.name
