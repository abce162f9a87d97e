"""Values against a registry: which are registered, which are synonyms, what the others may mean."""

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._process.settings import settings
from .._surface.former import keywords
from .conditions import field_name

_TERMS = ("term", "terms")


def options_of(model, field, organism=None, source=None, strict_source=False, within=None, **_):
    if isinstance(field, type):
        raise TypeError(f"field is the registry {field.__name__} but has to be a field of it, such as {field.__name__}.{field._name_field}")
    options = {"field": field_name(field) or model._name_field, "strict_source": strict_source}
    if organism is None and "organism" in model._names:
        organism = settings._organism_name
        options["default_organism"] = True
    if organism is not None:
        options["organism"] = organism if isinstance(organism, str) else organism.name
    if source is not None:
        options["source"] = source if isinstance(source, str) else source.uid
    if within is not None:
        options["within"] = within
    return options


def texts_of(values, numbers=False):
    """(list of values, whether one text was given); with `numbers`, numbers are converted to text."""
    if isinstance(values, str):
        return [values], True
    if hasattr(values, "tolist"):
        values = values.tolist()
    if not isinstance(values, list):
        values = list(values)
    if set(map(type, values)) <= {str, type(None)}:  # nearly always, and avoids a Python loop over 16,000 genes
        return values, False
    flat = []
    for value in values:
        if isinstance(value, (list, tuple, set)):
            flat.extend(value)
        else:
            flat.append(value)
    if numbers:
        return [str(value) if _is_number(value) else value for value in flat], False
    for value in flat:
        if _is_number(value):
            raise TypeError(f"values are texts, not numbers such as {value!r}")
    return flat, False


def _numbers(model, field, values):
    """Values for a field of numbers, such as an id, if they are numbers; otherwise None."""
    name = field_name(field)
    kind = next((column["kind"] for column in model._description["columns"] if column["name"] == name), None)
    if kind not in ("integer", "real") or isinstance(values, str):
        return None
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    return values if all(_is_number(value) for value in values) else None


def _is_number(value):
    """Whether it is a number other than one that stands for a missing value."""
    return isinstance(value, (int, float)) and value == value


def _terms(n):
    return _TERMS[n != 1]


def quoted(values, most=10):
    listed = ", ".join(repr(v) for v in values[:most])
    return listed + (", ..." if len(values) > most else "")


@keywords
def validate(model, values, field=None, *, mute=False, organism=None, source=None, strict_source=False, within=None,
             session=None):  # fmt: skip
    """Which values are registered, exactly: a bool array, or one bool for one text."""
    import numpy

    session = session or _session.current()
    if (numbers := _numbers(model, field, values)) is not None:
        query = _core.Query(model.__registry__).where(None, {f"{field_name(field)}__in": numbers})
        known = set(_core.columns(session, query, [field_name(field)])[0])
        return numpy.array([value in known for value in numbers])
    texts, single = texts_of(values)
    options = options_of(model, field, organism, source, strict_source, within)
    valid = numpy.frombuffer(bytearray(_core.validate(session, model.__registry__, texts, options)), dtype=bool)
    if not mute and not valid.all():
        unknown = list(dict.fromkeys(t for t, v in zip(texts, valid) if not v and isinstance(t, str) and t))
        n = len({t for t in texts if isinstance(t, str) and t})
        if unknown and n:
            are = "is" if len(unknown) == 1 else "are"
            logger.warning(
                f"{len(unknown)} unique {_terms(len(unknown))} ({_percent(len(unknown), n)}) {are} not validated for "
                f"{options['field']}: {quoted(unknown)}"
            )
    return valid[0] if single else valid


def _percent(part, whole):
    return f"{round(100 * part / whole, 1):.2f}%"


class InspectResult:
    """What `inspect` found: `validated`, `non_validated`, `synonyms_mapper` ({value: standard name}), `suggestions` ({value:
    nearest names}), `frac_validated` (0 to 1), `n_unique` and `n_empty`.

    Args:
        found (dict): internal; results come from `inspect`.
        values (list): internal.

    Example:

        >>> result = bt.CellType.inspect(["T cell", "T-cell", "Tcel"], mute=True)
        >>> result.validated, result.synonyms_mapper
        (['T cell'], {'T-cell': 'T cell'})
    """

    def __init__(self, found, values):
        self.validated = found["validated"]
        self.non_validated = found["non_validated"]
        self.synonyms_mapper = found["synonyms_mapper"]
        self.suggestions = {value: [name for name, _, _ in names] for value, names in found["suggestions"].items()}
        self.n_unique = found["n_unique"]
        self.n_empty = found["n_empty"]
        self.frac_validated = found["frac_validated"]
        self._in_source = found["in_source"]
        self._values = values

    @property
    def df(self):
        """One row per value: whether it is validated (a pandas DataFrame)."""
        import pandas

        valid = set(self.validated)
        index = [v for v in self._values]
        return pandas.DataFrame({"__validated__": [v in valid for v in index]}, index=index)

    def __getitem__(self, key):
        return {
            "validated": self.validated, "non_validated": self.non_validated,
            "mapped": self.validated, "not_mapped": self.non_validated,
        }[key]  # fmt: skip

    def _repr_html_(self):
        rows = [[value, "validated", ""] for value in self.validated[:20]]
        for value in self.non_validated[:20]:
            standard = self.synonyms_mapper.get(value)
            rows.append([value, "synonym", standard] if standard else [value, "unknown", ", ".join(self.suggestions.get(value, [])[:3])])
        fields = [("validated", f"{len(self.validated)} ({self.frac_validated:.1f} %)"), ("not validated", str(len(self.non_validated)))]
        return _core.html("InspectResult", fields, ["value", "", "standard name or nearest"], rows)

    def __repr__(self):
        return f"InspectResult(validated={len(self.validated)}, non_validated={self.non_validated!r}, synonyms={self.synonyms_mapper!r})"


@keywords
def inspect(model, values, field=None, *, mute=False, organism=None, source=None, from_source=True, strict_source=False,
            within=None, session=None):  # fmt: skip
    """Which values are registered, which are synonyms, and what the others may mean."""
    texts, _ = texts_of(values)
    options = options_of(model, field, organism, source, strict_source, within)
    options["from_source"] = bool(from_source)
    found = _core.inspect(session or _session.current(), model.__registry__, texts, options)
    result = InspectResult(found, texts)
    if not mute:
        _report(model, result, options["field"])
    return result


def _report(model, result, field):
    n, unknown = result.n_unique, result.non_validated
    n = n or len(result.validated) + len(unknown)
    if result.validated:
        k = len(result.validated)
        are = "is" if k == 1 else "are"
        logger.success(f"{k} unique {_terms(k)} ({_percent(k, n)}) {are} validated for {field}")
    if not unknown:
        return
    are = "is" if len(unknown) == 1 else "are"
    lines = [
        f"{len(unknown)} unique {_terms(len(unknown))} ({_percent(len(unknown), n)}) {are} not validated for {field}: {quoted(unknown)}"
    ]
    if result.synonyms_mapper:
        k = len(result.synonyms_mapper)
        lines.append(f"   detected {k} {model.__name__} {_terms(k)} by synonym: {quoted(list(result.synonyms_mapper))}")
        lines.append("→  standardize terms via .standardize()")
    there = result._in_source
    if there:
        k = len(there)
        lines.append(f"   detected {k} {model.__name__} {_terms(k)} in public source for {field}: {quoted(there)}")
        lines.append(f"→  add {'it' if k == 1 else 'them'} via {model.__name__}.from_values(...).save()")
    rest = [v for v in unknown if v not in result.synonyms_mapper and v not in there]
    if rest:
        lines.append(f"   couldn't validate {len(rest)} {_terms(len(rest))}: {quoted(rest)}")
        for value in rest[:10]:
            if result.suggestions.get(value):
                lines.append(f"   {value!r}: did you mean {quoted(result.suggestions[value], 3)}?")
        one = "record" if len(rest) == 1 else "records"
        lines.append(f"→  if you are sure, create new {one} via {model.__name__}() and save to your registry")
    logger.warning("\n".join(lines))


@keywords
def standardize(model, values, field=None, *, return_field=None, return_mapper=False, case_sensitive=False, mute=False,
                from_source=True, keep="first", synonyms_field="synonyms", organism=None, source=None,
                strict_source=False, within=None, session=None):  # fmt: skip
    """Standard names of values: by name ignoring case, then by synonyms; unknown values stay as they are."""
    if keep is not False and keep not in ("first", "last"):
        raise ValueError(f"keep is {keep!r} but has to be 'first', 'last' or False")
    texts, single = texts_of(values)
    if not texts:
        return {} if return_mapper else values
    options = options_of(model, field, organism, source, strict_source, within)
    options["from_source"] = bool(from_source)
    options["case_sensitive"] = case_sensitive
    options["keep"] = keep if keep else "all"
    if return_field is not None:
        options["return_field"] = field_name(return_field)
    mapped = texts
    if "synonyms" in model._names:
        options["synonyms_field"] = field_name(synonyms_field)
        mapped = list(texts)
        for place, names in _core.standard_names(session or _session.current(), model.__registry__, texts, options):
            if isinstance(texts[place], str):
                mapped[place] = names[0] if keep or len(names) == 1 else names
    if not mute and return_field is None:
        _report_standardized(texts, mapped)
    if return_mapper:
        return {t: m for t, m in zip(texts, mapped) if isinstance(t, str) and t != m}
    return mapped[0] if single else mapped


def _report_standardized(texts, mapped):
    n = sum(t != m for t, m in zip(texts, mapped) if isinstance(t, str))
    if n:
        logger.info(f"standardized {n}/{len(texts)} {_terms(n)}")
