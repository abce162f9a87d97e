# `import lamindb as ln` for type checkers; at run time each name is looked up when it is first used.
from pathlib import Path as UPath

from lamindb import base as base
from lamindb import core as core
from lamindb import curators as curators
from lamindb import errors as errors
from lamindb import examples as examples
from lamindb import integrations as integrations
from lamindb import models as models
from lamindb import setup as setup
from lamindb._registries import Artifact as Artifact
from lamindb._registries import Branch as Branch
from lamindb._registries import Collection as Collection
from lamindb._registries import Feature as Feature
from lamindb._registries import Project as Project
from lamindb._registries import Record as Record
from lamindb._registries import Reference as Reference
from lamindb._registries import Run as Run
from lamindb._registries import Schema as Schema
from lamindb._registries import Space as Space
from lamindb._registries import Storage as Storage
from lamindb._registries import Transform as Transform
from lamindb._registries import ULabel as ULabel
from lamindb._registries import User as User
from lamindb._typed import DB as DB
from lamindb._typed import Context, Settings
from lamindb._typed import Q as Q
from lamindb._typed import connect as connect
from lamindb._typed import finish as finish
from lamindb._typed import flow as flow
from lamindb._typed import fsck as fsck
from lamindb._typed import save as save
from lamindb._typed import search as search
from lamindb._typed import sql as sql
from lamindb._typed import step as step
from lamindb._typed import track as track
from lamindb._typed import view as view
from lamindb.base.types import UNSET as UNSET
from lamindb.base.types import Unset as Unset

__version__: str
settings: Settings
context: Context
