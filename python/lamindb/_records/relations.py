"""Relations of a record: `label.parents`, `artifact.ulabels`, `run.output_artifacts`."""

from .. import _core
from .._process.classes import class_of
from .._queries.queryset import BasicQuerySet, QueryManager
from .._queries.writing import Makes
from .._surface.former import shown
from ..errors import ValidationError


class RelatedManager(Makes, QueryManager):
    """The related rows of one record: a source of rows, and what relates more of them.

    It has every method of a query set as well.

    Args:
        record (SQLRecord): internal; managers are attributes of records, such as `artifact.ulabels`.
        attr (RelatedAttr): internal.

    Example:

        >>> artifact.cell_types.count()
        2
    """

    def __init__(self, record, attr):
        self.instance = record
        self._attr = attr
        self.model = attr.related_model

    @property
    def through(self):
        """The registry of the pairs."""
        return class_of(self._attr.through)

    def get_queryset(self):
        """The related rows as a query set.

        Raises:
            ValueError: the record is not saved.

        Example:

            >>> artifact.cell_types.get_queryset().count()
            2
        """
        if not _core.saved(self.instance):
            raise ValueError(
                f"You are trying to access the many-to-many relationships of an unsaved {type(self.instance).__name__} object. "
                "Please save it first using '.save()'."
            )
        rows = BasicQuerySet(self.model, _core.related(self.instance, self._attr.name), _core.session_of(self.instance))
        rows._source = (self.instance, self._attr.name)
        return rows

    def all(self):
        """The related rows; a loop over records reads those of many records together.

        Example:

            >>> sorted(cell.name for cell in artifact.cell_types.all())
            ['B cell', 'T cell']
        """
        return self.get_queryset()

    def __getattr__(self, name):
        # Related rows support everything that query sets do.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.get_queryset(), name)

    def __dir__(self):
        return shown(BasicQuerySet, {*super().__dir__(), *dir(BasicQuerySet)})

    def __iter__(self):
        raise TypeError(f"'RelatedManager' object is not iterable: use record.{self._attr.name}.all()")

    def _ids(self, records):
        records = list(_flat(records))
        if (known := _core.saved_ids(self.instance, self.model.__registry__, records)) is not None:
            return known
        ids, here = [], _core.session_of(self.instance)
        for record in records:
            if isinstance(record, int):
                ids.append(record)
                continue
            if not isinstance(record, self.model):
                raise TypeError(f"'{self.model.__name__}' instance expected, got {_core.named(record)}")
            if not _core.saved(record):
                raise ValidationError(f"{_core.named(record)} needs to be saved before it can be added")
            _core.check_same_instance(here, record)
            ids.append(record.id)
        return ids

    def add(self, *records, bulk=True, through_defaults=None):
        """Relates records; existing relations stay.

        Args:
            *records (SQLRecord | Iterable | int): saved records, lists of them, or ids.
            bulk (bool): accepted for code of Django.
            through_defaults (dict, optional): other columns of the pairs.

        Raises:
            ValidationError: a record is not saved.
            TypeError: a record is of another registry.

        Example:

            >>> artifact.ulabels.add(label)
        """
        ids = self._ids(records)
        self.get_queryset()
        if self._attr.shape == "to_many":
            self._point_back(ids, self.instance.id)
        else:
            _core.link(self.instance, self._attr.name, ids, _columns(through_defaults))

    def remove(self, *records):
        """Removes the relation; the records stay.

        Args:
            *records (SQLRecord | Iterable | int): saved records, lists of them, or ids.

        Example:

            >>> artifact.ulabels.remove(label)
        """
        ids = self._ids(records)
        self.get_queryset()
        if self._attr.shape == "to_many":
            self._point_back(ids, None)
        else:
            _core.unlink(self.instance, self._attr.name, ids)

    def clear(self):
        """Removes all relations; the records stay.

        Example:

            >>> artifact.ulabels.clear()
        """
        self.remove(*self.get_queryset().to_list("id"))

    def set(self, records, *, clear=False, through_defaults=None):
        """Relates exactly these records.

        Args:
            records (Iterable): saved records or ids.
            clear (bool): accepted for code of Django.
            through_defaults (dict, optional): other columns of new pairs.

        Example:

            >>> artifact.ulabels.set([label])
            >>> artifact.ulabels.set([])
        """
        wanted = self._ids(records)
        there = set(self.get_queryset().to_list("id"))
        gone = there.difference(wanted)
        if gone:
            self.remove(*gone)
        new = [i for i in wanted if i not in there]
        if new:
            self.add(*new, through_defaults=through_defaults)

    def create(self, *, through_defaults=None, **kwargs):
        """Creates, saves and relates a record.

        Args:
            through_defaults (dict, optional): other columns of the pair.
            **kwargs: values of fields of the new record.

        Example:

            >>> new = artifact.ulabels.create(name="needs a look")
            >>> artifact.ulabels.remove(new)
            >>> _ = new.delete(permanent=True)
        """
        self.get_queryset()
        if self._attr.shape == "to_many":
            return self.model(**{**kwargs, self._attr.far: self.instance}).save()
        record = self.model(**kwargs).save()
        self.add(record, through_defaults=through_defaults)
        return record

    def _point_back(self, ids, value):
        rows = BasicQuerySet(self.model, _core.Query(self.model.__registry__).on_any_branch(), _core.session_of(self.instance))
        rows.filter(id__in=ids).update(**{self._attr.far: value})

    def _repr_html_(self):
        return self.get_queryset()._repr_html_()

    def __repr__(self):
        return f"<RelatedManager {type(self.instance).__name__}.{self._attr.name} of {self.model.__name__}>"


def _flat(records):
    for record in records:
        if isinstance(record, (list, tuple, set, BasicQuerySet)):
            yield from _flat(record)
        else:
            yield record


def _columns(values):
    """Other columns of a pair, references as ids."""
    return {key: getattr(value, "id", value) for key, value in (values or {}).items()}
