"""Files that are attached to pages, and pictures on them, as artifacts."""

import os
import shutil
import tempfile
import urllib.error
import urllib.request
from urllib.parse import quote, unquote, urlparse

from lamindb._process.classes import class_of
from lamindb._process.logger import logger

from .markdown import image_addresses, page_markdown, with_images

_SECONDS = 60  # without a byte


class Files:
    """Each file is fetched once in a sync. Notion's addresses expire, so what is kept is the content."""

    def __init__(self, client, report):
        self._client, self._report, self._saved = client, report, {}

    def attached(self, page, name, addresses):
        """The artifacts of a property's files; in a dry run none, they are only noted."""
        return [saved for saved in (self._artifact(address, page, name) for address in addresses) if saved is not None]

    def notes(self, page):
        """What is written on a page, its pictures saved."""
        text = page_markdown(self._client, page)
        saved = {address: self._artifact(address, page, None) for address in image_addresses(text)}
        return with_images(text, {address: _shown(artifact) for address, artifact in saved.items() if artifact is not None})

    def _artifact(self, address, page, name):
        file = unquote(os.path.basename(urlparse(address).path)) or "file"
        detail = f"{file} <- {page}:{name or 'notes'}"
        if not self._report.apply:
            self._report._note("artifacts", detail)
            return None
        if address not in self._saved:
            # A picture belongs to a text and has no key; files of one name on different pages are no versions of each other.
            options = {"key": f"notion_sync/{page}/{file}"} if name else {"kind": "__easset__", "description": "imported from Notion"}
            self._saved[address] = self._fetch(address, file, options)
            if self._saved[address] is not None:
                self._report._note("artifacts", detail)
        return self._saved[address]

    def _fetch(self, address, file, options):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, file.replace("/", "_"))
            try:
                with urllib.request.urlopen(address, timeout=_SECONDS) as answer, open(path, "wb") as target:
                    shutil.copyfileobj(answer, target)
            except (OSError, ValueError) as error:
                logger.warning(f"{file} could not be fetched from Notion: {error}")
                self._report.errors.append(f"{file} could not be fetched: {error}")
                return None
            return class_of("Artifact")(path, **options).save()


def _shown(artifact):
    """Where LaminDB's pages find a picture."""
    place = urlparse(str(artifact.path))
    return f"/storage/{place.scheme or 'file'}/{quote(place.netloc + place.path)}"
