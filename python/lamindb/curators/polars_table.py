"""Frames of polars for the core. A LazyFrame is never collected: the core gets one value of a column whose type is all
that matters, and the distinct values of a column that is looked up or converted."""

from lamindb import _core


class PolarsTable:
    """A DataFrame or LazyFrame; changes make a new one of the same kind.

    Args:
        data (polars.DataFrame | polars.LazyFrame): the table.

    Example::

        PolarsTable(df.lazy()).frame(ask)
    """

    def __init__(self, data):
        self.data = data

    def frame(self, ask):
        import polars as pl

        types = self.data.collect_schema()
        checked = {column: rest for column, *rest in ask(_exported(pl.DataFrame(schema=types)))}
        lazy = self.data.lazy()
        known = [column for column in types.names() if column in checked]
        looked_up = {column for column in known if _needs_values(types[column], checked[column])}
        queries = [lazy.select(_facts(column, types[column], column in looked_up) for column in known)] if known else []
        queries += [lazy.select(_distinct(column, types[column])) for column in looked_up]
        facts, *values = pl.collect_all(queries, engine="streaming") if queries else (None,)
        distinct = {one.columns[0]: one.to_series() for one in values}
        columns = {column: _column(column, types[column], facts, distinct, checked.get(column)) for column in types.names()}
        longest = max((len(one) for one in columns.values()), default=0)
        return _exported(pl.DataFrame([_padded(one, longest) for one in columns.values()]))

    def replace(self, columns, names):
        import polars as pl

        types = self.data.collect_schema()
        self.data = self.data.with_columns(_replaced(pl.col(column), types[column], names) for column in columns if column in types)

    def rename(self, names):
        self.data = self.data.rename(names)

    def coerce(self, column, dtype):
        import polars as pl

        held, wanted = self.data.collect_schema()[column], polars_dtype(dtype)
        if dtype == "cat" or wanted is None:
            return
        values = pl.col(column)
        if held == pl.String and dtype == "date":
            values = values.str.to_date()
        elif held == pl.String and dtype.startswith("datetime"):
            values = values.str.to_datetime(time_zone="UTC" if "UTC" in dtype else None)
        elif held == pl.String and dtype == "int":  # "1.0" is one, too
            values = pl.coalesce(values.cast(wanted, strict=False), values.cast(pl.Float64).cast(wanted, strict=False))
        self.data = self.data.with_columns(values.cast(wanted).alias(column))

    def fill(self, column, value, added, dtype):
        import polars as pl

        if added:
            wanted = pl.String if dtype.startswith("cat") else polars_dtype(dtype)
            new = pl.lit(value) if wanted is None else pl.lit(value).cast(wanted)
            self.data = self.data.with_columns(pl.repeat(new, pl.len()).alias(column))
            return
        held = self.data.collect_schema()[column]
        values = pl.col(column)
        if isinstance(held, pl.Enum):
            values = values.cast(_extended(held, [value]))
        self.data = self.data.with_columns(values.fill_null(value))


def polars_dtype(dtype):
    """What polars calls a dtype of the core; None for those of which it has several."""
    import polars as pl

    return {
        "int": pl.Int64, "float": pl.Float64, "num": pl.Float64, "str": pl.String, "path": pl.String, "url": pl.String, "bool": pl.Boolean,
        "date": pl.Date, "datetime": pl.Datetime(), "datetime64[ns, UTC]": pl.Datetime("ns", "UTC"),
    }.get(dtype)  # fmt: skip


def _needs_values(held, checked):
    """Whether the values of a column matter, and not only its type."""
    dtype, _, _, _, _, coerced = checked
    return dtype.startswith(("cat", "list[cat")) or (coerced and not _is(held, dtype)) or (dtype == "dict" and held == "String")


def _is(held, dtype):
    """Whether a column need not be converted."""
    return {"int": held.is_integer(), "float": held.is_float()}.get(dtype, held == polars_dtype(dtype))


def _facts(column, held, looked_up):
    """One value that is not null, of lists one that is not empty; how many are null."""
    import polars as pl

    values = pl.col(column)
    shown = [values.null_count().alias(f"{column}\0nulls")]
    if not looked_up:
        one = values.drop_nulls().first()
        if isinstance(held, pl.List):
            one = pl.coalesce(values.filter(values.list.len() > 0).first(), one)
        shown.append(one.alias(f"{column}\0one"))
    return pl.struct(shown).alias(column)


def _distinct(column, held):
    import polars as pl

    values = pl.col(column)
    if isinstance(held, pl.List):
        return values.explode().drop_nulls().unique(maintain_order=True).alias(column)
    return values.drop_nulls().unique(maintain_order=True).alias(column)


def _column(column, held, facts, distinct, checked):
    """The column for the core, with as many nulls as its check counts."""
    import polars as pl

    if checked is None:
        return pl.Series(column, [], dtype=held)
    known = facts[column].struct.unnest()
    nulls = known[f"{column}\0nulls"][0] or 0
    if column in distinct:
        values = distinct[column]
        if isinstance(held, pl.List):
            values = values.implode().cast(held)
    else:
        values = known[f"{column}\0one"].drop_nulls().rename(column)
    nullable = checked[4]
    return values.extend_constant(None, min(nulls, 1) if nullable else nulls).alias(column)


def _padded(series, length):
    """As long as the others, by repeating a value that it has."""
    missing = length - len(series)
    if missing == 0:
        return series
    if len(series) == 0:
        return series.extend_constant(None, missing)
    return series.append(series.gather([0] * missing))


def _exported(df):
    import polars as pl

    return _core.Frame.from_arrow(df.to_arrow(compat_level=pl.CompatLevel.oldest()))


def _extended(enum, values):
    import polars as pl

    return pl.Enum([*enum.categories, *(value for value in dict.fromkeys(values) if value not in enum.categories)])


def _replaced(values, held, names):
    import polars as pl

    if isinstance(held, pl.List):
        text = values.cast(pl.List(pl.String)).list.eval(pl.element().replace(names))
        inner = _extended(held.inner, names.values()) if isinstance(held.inner, pl.Enum) else held.inner
        return text.cast(pl.List(inner))
    text = values.cast(pl.String).replace(names)
    if isinstance(held, pl.Enum):
        return text.cast(_extended(held, names.values()))
    return text.cast(pl.Categorical) if isinstance(held, pl.Categorical) else text
