"""Parts of a mapped collection: rows of one matrix, one column of obs, and the labels of all files together."""

from collections import Counter

from .. import _core
from .elements import read_column, read_frame

_NUMBERS = {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)} | {"float32", "float64"}


class Matrix:
    """Rows of a matrix of one file, in the types of the dataset."""

    def __init__(self, part, dtype, places=None, wide=None):
        import numpy

        data = part if part.is_array else part.child("data")
        stored = data.dtype
        self.rows = _core.MatrixRows(part.file, part.path)
        if places is not None:
            self.rows.place_columns(numpy.ascontiguousarray(places, dtype=numpy.int32), wide)
        self.given = stored if dtype is None else numpy.dtype(dtype)
        self.read_as = self.given.name if self.given.name in _NUMBERS else ("uint8" if stored.kind == "b" else stored.name)

    def __call__(self, rows):
        import numpy

        cells = numpy.frombuffer(self.rows.read(rows, self.read_as), dtype=self.read_as).reshape(len(rows), self.rows.wide)
        return cells if self.given.name == self.read_as else cells.astype(self.given)


class _Labels:
    """A column of obs of one file: codes and levels, or values."""

    def __init__(self, table, name):
        import numpy
        import pandas

        column = read_frame(table)[name].array if table.is_array else read_column(table, name)
        self.levels = None
        if isinstance(column, pandas.Categorical):
            self.codes, self.levels = numpy.asarray(column.codes), column.categories.to_numpy()
            return
        self.codes = numpy.asarray(column, dtype=None if isinstance(column, numpy.ndarray) else object)
        if self.codes.dtype == object:
            self.codes = numpy.where(pandas.isna(self.codes), numpy.nan, self.codes)

    def values(self):
        """The labels, NaN where there is none."""
        import numpy

        if self.levels is None:
            return self.codes
        labels = self.levels[self.codes] if len(self.levels) else numpy.full(len(self.codes), numpy.nan, dtype=object)
        if (self.codes == -1).any():
            labels = labels.astype(object) if labels.dtype.kind != "f" else labels
            labels[self.codes == -1] = numpy.nan
        return labels

    def distinct(self):
        """Its categories, whether they are used or not; of a column without categories its values."""
        import pandas

        return list(self.levels) if self.levels is not None else [v for v in pandas.unique(self.codes) if not pandas.isna(v)]

    def encoded(self, encoder):
        """Integers by the encoder, and which rows have no label."""
        import numpy
        import pandas

        if self.levels is not None:
            by_code = numpy.array([encoder[level] for level in self.levels], dtype=numpy.int64)
            missing = self.codes == -1
            found = by_code[self.codes] if len(by_code) else numpy.zeros(len(self.codes), dtype=numpy.int64)
            return found, missing
        missing = pandas.isna(self.codes)
        found = numpy.zeros(len(self.codes), dtype=numpy.int64)
        found[~missing] = [encoder[value] for value in self.codes[~missing]]
        return found, missing


def listed(keys):
    return [keys] if isinstance(keys, str) else keys


def as_scalar(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


class HasLabels:
    """What a mapped collection knows of labels: codes and encoders of columns of obs."""

    def _set_encoding(self, encode, unknown):
        if isinstance(encode, list):
            if any(key not in (self.obs_keys or []) for key in encode):
                raise ValueError(f"encode_labels is {encode}, but all of them have to be in obs_keys, which is {self.obs_keys}")
            encode = encode or False
        elif encode:
            encode = self.obs_keys if self.obs_keys is not None else False
        if encode and isinstance(unknown, dict) and any(key not in encode for key in unknown):
            raise ValueError(f"unknown_label has the columns {list(unknown)}, but all of them have to be encoded, which are {encode}")
        self.encode_labels, self.unknown_label = encode, unknown

    def _labels_of(self, store, key):
        known = self._labels.get((store, key))
        if known is None:
            self._here()
            known = self._labels[store, key] = _Labels(self.storages[store].child("obs"), key)
        return known

    def _encoder(self, key):
        levels = self.get_merged_categories(key)
        unknown = self.unknown_label.get(key) if isinstance(self.unknown_label, dict) else self.unknown_label
        encoder = {}
        if unknown is not None and unknown in levels:
            levels.remove(unknown)
            encoder[unknown] = -1
        return encoder | {level: i for i, level in enumerate(levels)}

    def _given_labels(self, store, key):
        """(values, which are missing) of a file, as items have them; None if it has no such column."""
        if key not in self._obs_names[store]:
            return None
        labels = self._labels_of(store, key)
        if key in self.encoders:
            return labels.encoded(self.encoders[key])
        import pandas

        values = labels.values()
        return values, pandas.isna(values)

    def get_merged_categories(self, label_key):
        """The sorted categories of a column of obs in all files (list).

        Args:
            label_key (str): the column.

        Example::

            dataset.get_merged_categories("cell_type")
        """
        found = set()
        for store, names in enumerate(self._obs_names):
            if label_key in names:
                found.update(as_scalar(value) for value in self._labels_of(store, label_key).distinct())
        return sorted(found)

    def get_merged_labels(self, label_key):
        """The labels of all observations, NaN where there is none (numpy.ndarray).

        Args:
            label_key (str): a column of obs; files that do not have it are left out.

        Example::

            dataset.get_merged_labels("cell_type")
        """
        import numpy

        parts = [self._labels_of(store, label_key).values()[self.indices_list[store]]
                 for store, names in enumerate(self._obs_names) if label_key in names]  # fmt: skip
        if not parts:
            raise KeyError(f"no file has a column {label_key!r} in obs")
        return numpy.concatenate(parts)

    def get_label_weights(self, obs_keys, scaler=None, return_categories=False):
        """A weight for each observation, smaller the more often its label is there, as a sampler takes it.

        Args:
            obs_keys (str | list[str]): a column of obs; of several, their labels joined by "__".
            scaler (float, optional): a weight is scaler / (count + scaler); otherwise 1 / count.
            return_categories (bool): a dict by label instead.

        Returns:
            numpy.ndarray | dict: the weights.

        Example::

            torch.utils.data.WeightedRandomSampler(dataset.get_label_weights("cell_type"), len(dataset))
        """
        import numpy

        columns = [self.get_merged_labels(key).astype(str).astype(object) for key in listed(obs_keys)]
        labels = columns[0] if len(columns) == 1 else ["__".join(row) for row in zip(*columns)]
        weights = {label: 1.0 / n if scaler is None else scaler / (n + scaler) for label, n in Counter(labels).items()}
        return weights if return_categories else numpy.array([weights[label] for label in labels])
