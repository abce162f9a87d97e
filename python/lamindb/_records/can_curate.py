"""Registries whose values datasets are checked against."""

from .._surface.former import keywords
from .._surface.lazy import later

validate, inspect, standardize = later("lamindb._queries.validation", "validate", "inspect", "standardize")
from_values = later("lamindb._records.from_values", "from_values")


class of_class(classmethod):
    """A class method that says so when it is called on a record."""

    def __get__(self, record, owner=None):
        if record is not None:
            name, method = owner.__name__, self.__func__.__name__
            raise TypeError(f"{name}.{method}() is a class method and must be called on the {name} class, not on a {name} object")
        return super().__get__(record, owner)


class CanCurate:
    """Registries whose values datasets are checked against.

    Example:

        >>> issubclass(bt.CellType, ln.models.CanCurate)
        True
    """

    _curatable = True

    @of_class
    @keywords
    def validate(cls, values, field=None, *, mute=False, organism=None, source=None, strict_source=False):
        """Which values are registered, exactly.

        Args:
            values (str | Iterable[str]): the values.
            field (str, optional): the field to compare with, `"name"` or `bt.Gene.symbol`; otherwise the name.
            mute (bool): print nothing.
            organism (str | Organism, optional): of genes and proteins; otherwise that of `bt.settings`.
            source (Source | str, optional): only terms of this release of an ontology.
            strict_source (bool): only terms of the source that is in use.

        Returns:
            numpy.ndarray: a bool per value; one bool for one text.

        Raises:
            FieldError: there is no such field.
            TypeError: a value is a number.

        Example:

            >>> bt.CellType.validate(["T cell", "Tcell"], mute=True).tolist()
            [True, False]
        """
        return validate(cls, values, field, mute=mute, organism=organism, source=source, strict_source=strict_source)

    @of_class
    @keywords
    def inspect(cls, values, field=None, *, mute=False, organism=None, source=None, from_source=True, strict_source=False):
        """Which values are registered, which are synonyms, and what the others may have meant.

        Other arguments and errors as in :meth:`CanCurate.validate`.

        Args:
            from_source (bool): also in public sources, which are not read yet: only what is registered counts.

        Returns:
            InspectResult: the findings; they are printed as well.

        Example:

            >>> bt.CellType.inspect(["T cell", "T-cell"], mute=True).non_validated
            ['T-cell']
        """
        return inspect(cls, values, field, mute=mute, organism=organism, source=source, from_source=from_source,
                       strict_source=strict_source)  # fmt: skip

    @of_class
    @keywords
    def standardize(cls, values, field=None, *, return_field=None, return_mapper=False, case_sensitive=False, mute=False,
                    from_source=True, keep="first", synonyms_field="synonyms", organism=None, source=None,
                    strict_source=False):  # fmt: skip
        """Standard names of values: by name ignoring case, then by synonyms; unknown values stay as they are.

        Other arguments and errors as in :meth:`CanCurate.validate`.

        Args:
            return_field (str, optional): return this field rather than the name.
            return_mapper (bool): return {value: standard name} of those that change.
            case_sensitive (bool): tell upper and lower case apart.
            from_source (bool): also in public sources, which are not read yet: only what is registered counts.
            keep ("first" | "last" | False): which row a synonym of several rows means; False returns all of them.
            synonyms_field (str): the field with the synonyms.

        Returns:
            list[str] | str | dict[str, str]: names, as many as values; a text for a text; a dict with `return_mapper`.

        Example:

            >>> bt.CellType.standardize(["T-cell", "no such"], mute=True)
            ['T cell', 'no such']
        """
        return standardize(cls, values, field, return_field=return_field, return_mapper=return_mapper,
                           case_sensitive=case_sensitive, mute=mute, from_source=from_source, keep=keep,
                           synonyms_field=synonyms_field, organism=organism, source=source,
                           strict_source=strict_source)  # fmt: skip

    @of_class
    @keywords
    def from_values(cls, values, field=None, create=False, organism=None, source=None, mute=False):
        """Records that the values name.

        Other arguments and errors as in :meth:`CanCurate.validate`.

        Args:
            create (bool): also make records, unsaved, of values that are not registered.

        Returns:
            SQLRecordList: the records; those of known values are saved already.

        Example:

            >>> [cell.name for cell in bt.CellType.from_values(["T cell", "no such"], mute=True)]
            ['T cell']
        """
        return from_values(cls, values, field, create, organism, source, mute)
