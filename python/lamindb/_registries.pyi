# Written by `./dev schema` from src/modules: do not edit.
import datetime
from typing import Any

from lamindb._typed import BaseSQLRecord, BioRecord, RelatedManager, SQLRecord, IsVersioned, HasType, HasParents, CanCurate, HasSynonyms, HasAbbr, IsLink, ArtifactMethods, CollectionMethods, CombinationPerturbationMethods, CompoundMethods, FeatureMethods, JsonValueMethods, ProjectMethods, RecordMethods, ReferenceMethods, RunMethods, SchemaMethods, StorageMethods, TransformMethods, ULabelMethods

class Space(BaseSQLRecord):
    """Who may see and change what: each row belongs to one space."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    name: str
    """Name, such as the name of a team."""
    uid: str
    """Identifier that is the same in every database."""
    description: str | None
    """What it is, in a sentence or more."""
    created_by: User | None
    """Who created it; nobody for the space that always exists."""
    created_by_id: int | None
    ablocks: RelatedManager[SpaceBlock]
    def __init__(
        self,
        *,
        name: str = ...,
        description: str | None = ...,
        created_by: User | None = ...,
    ) -> None: ...

class Branch(BaseSQLRecord):
    """A line of work: rows can be prepared on a branch and merged into main."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    name: str
    """Name, unique whatever its case."""
    uid: str
    """Identifier that is the same in every database."""
    space: Space
    """The space that decides who may see it."""
    space_id: int
    created_by: User
    """Who created it."""
    created_by_id: int
    description: str | None
    """What it is, in a sentence or more."""
    _status_code: int
    """How far the work on it is."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    users: RelatedManager[User]
    ulabels: RelatedManager[ULabel]
    projects: RelatedManager[Project]
    links_user: RelatedManager[BranchUser]
    links_ulabel: RelatedManager[BranchULabel]
    links_project: RelatedManager[BranchProject]
    ablocks: RelatedManager[BranchBlock]
    def __init__(
        self,
        *,
        name: str = ...,
        space: Space = ...,
        description: str | None = ...,
    ) -> None: ...

class BranchUser(BaseSQLRecord, IsLink):
    """Who works on which branch."""

    id: int
    branch: Branch
    """The branch."""
    branch_id: int
    user: User
    """The person."""
    user_id: int
    role: str
    """What the person does there, such as reviewer."""
    def __init__(
        self,
        *,
        branch: Branch = ...,
        user: User = ...,
        role: str = ...,
    ) -> None: ...

class User(BaseSQLRecord, CanCurate):
    """A person, or a service that acts like one."""

    id: int
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    handle: str
    """Short unique name."""
    name: str | None
    """Full name."""
    created_at: datetime.datetime
    """When the user was seen first."""
    linked_in_records: RelatedManager[Record]
    artifacts: RelatedManager[Artifact]
    branches: RelatedManager[Branch]
    links_branch: RelatedManager[BranchUser]
    created_artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactUser]
    created_transforms: RelatedManager[Transform]
    created_runs: RelatedManager[Run]
    links_record: RelatedManager[RecordUser]
    projects: RelatedManager[Project]
    links_project: RelatedManager[ProjectUser]
    def __init__(
        self,
        *,
        uid: str = ...,
        handle: str = ...,
        name: str | None = ...,
    ) -> None: ...

class Migration(BaseSQLRecord):
    """The changes of the tables that were applied, as LaminDB keeps them."""

    id: int
    app: str
    """The module whose tables changed."""
    name: str
    """Name of the change."""
    applied: datetime.datetime
    """When it was applied."""
    def __init__(
        self,
        *,
        app: str = ...,
        name: str = ...,
        applied: datetime.datetime = ...,
    ) -> None: ...

class Storage(StorageMethods, SQLRecord):
    """A place for bytes: a local folder or a bucket."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    root: str
    """Folder or URL below which everything is kept, without a slash at its end."""
    description: str | None
    """What it is, in a sentence or more."""
    type: str
    """local, s3, gs, ..."""
    region: str | None
    """Region of the cloud, or the host of a local folder."""
    instance_uid: str | None
    """The instance that manages the location; only it writes there."""
    artifacts: RelatedManager[Artifact]

class Artifact(ArtifactMethods, SQLRecord, IsVersioned):
    """A file, a folder or an array, with what is known about it."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    created_at: datetime.datetime
    """When the row was written first."""
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier: 16 characters that all versions share, and 4 that count them."""
    key: str | None
    """Path relative to the storage, or a name in the style of one."""
    _real_key: str | None
    """Path relative to the storage where it differs from the key."""
    description: str | None
    """What it contains."""
    storage: Storage
    """Where the bytes lie."""
    storage_id: int
    suffix: str
    """Ending of the file name, such as .h5ad."""
    kind: str | None
    """dataset, model, plan, ..."""
    otype: str | None
    """Class of the object in memory, such as AnnData."""
    size: int | None
    """Bytes; of a folder the sum of its files."""
    hash: str | None
    """Hash of the content, 22 characters."""
    n_files: int | None
    """Number of files of a folder."""
    n_observations: int | None
    """Number of observations, usually rows."""
    _hash_type: str | None
    """How the hash was made."""
    run: Run | None
    """The run that produced it."""
    run_id: int | None
    schema: Schema | None
    """The schema that it was validated with."""
    schema_id: int | None
    extra_data: Any
    """Anything else, as a JSON object."""
    _key_is_virtual: bool
    """Whether the bytes lie under the uid and not under the key."""
    created_by: User
    """Who saved it."""
    created_by_id: int
    _overwrite_versions: bool
    """Whether all versions share one place."""
    input_of_runs: RelatedManager[Run]
    recreating_runs: RelatedManager[Run]
    schemas: RelatedManager[Schema]
    json_values: RelatedManager[JsonValue]
    _actions: RelatedManager[Artifact]
    artifacts: RelatedManager[Artifact]
    linked_in_records: RelatedManager[Record]
    users: RelatedManager[User]
    _action_targets: RelatedManager[Artifact]
    linked_by_artifacts: RelatedManager[Artifact]
    links_user: RelatedManager[ArtifactUser]
    links_run: RelatedManager[ArtifactRun]
    links_artifact: RelatedManager[ArtifactArtifact]
    links_value: RelatedManager[ArtifactArtifact]
    links_jsonvalue: RelatedManager[ArtifactJsonValue]
    _meta_of_collection: RelatedManager[Collection]
    collections: RelatedManager[Collection]
    links_collection: RelatedManager[CollectionArtifact]
    _environment_of_transforms: RelatedManager[Transform]
    _plan_for_transforms: RelatedManager[Transform]
    _report_of: RelatedManager[Run]
    _environment_of: RelatedManager[Run]
    _plan_for_runs: RelatedManager[Run]
    runs: RelatedManager[Run]
    linked_by_runs: RelatedManager[Run]
    links_in_run: RelatedManager[RunArtifact]
    _links_schema: RelatedManager[ArtifactSchema]
    ulabels: RelatedManager[ULabel]
    links_ulabel: RelatedManager[ArtifactULabel]
    records: RelatedManager[Record]
    links_in_record: RelatedManager[RecordArtifact]
    links_record: RelatedManager[ArtifactRecord]
    projects: RelatedManager[Project]
    references: RelatedManager[Reference]
    links_project: RelatedManager[ArtifactProject]
    links_reference: RelatedManager[ArtifactReference]
    ablocks: RelatedManager[ArtifactBlock]
    _source_dataframe_of: RelatedManager[Source]
    _source_artifact_of: RelatedManager[Source]
    links_organism: RelatedManager[ArtifactOrganism]
    organisms: RelatedManager[Organism]
    links_gene: RelatedManager[ArtifactGene]
    genes: RelatedManager[Gene]
    links_protein: RelatedManager[ArtifactProtein]
    proteins: RelatedManager[Protein]
    links_cell_marker: RelatedManager[ArtifactCellMarker]
    cell_markers: RelatedManager[CellMarker]
    links_tissue: RelatedManager[ArtifactTissue]
    tissues: RelatedManager[Tissue]
    links_cell_type: RelatedManager[ArtifactCellType]
    cell_types: RelatedManager[CellType]
    links_disease: RelatedManager[ArtifactDisease]
    diseases: RelatedManager[Disease]
    links_cell_line: RelatedManager[ArtifactCellLine]
    cell_lines: RelatedManager[CellLine]
    links_phenotype: RelatedManager[ArtifactPhenotype]
    phenotypes: RelatedManager[Phenotype]
    links_pathway: RelatedManager[ArtifactPathway]
    pathways: RelatedManager[Pathway]
    links_experimental_factor: RelatedManager[ArtifactExperimentalFactor]
    experimental_factors: RelatedManager[ExperimentalFactor]
    links_developmental_stage: RelatedManager[ArtifactDevelopmentalStage]
    developmental_stages: RelatedManager[DevelopmentalStage]
    links_ethnicity: RelatedManager[ArtifactEthnicity]
    ethnicities: RelatedManager[Ethnicity]
    links_compound: RelatedManager[ArtifactCompound]
    compounds: RelatedManager[Compound]
    links_perturbation_target: RelatedManager[ArtifactPerturbationTarget]
    perturbation_targets: RelatedManager[PerturbationTarget]
    links_genetic_perturbation: RelatedManager[ArtifactGeneticPerturbation]
    genetic_perturbations: RelatedManager[GeneticPerturbation]
    links_biologic: RelatedManager[ArtifactBiologic]
    biologics: RelatedManager[Biologic]
    links_compound_perturbation: RelatedManager[ArtifactCompoundPerturbation]
    compound_perturbations: RelatedManager[CompoundPerturbation]
    links_environmental_perturbation: RelatedManager[ArtifactEnvironmentalPerturbation]
    environmental_perturbations: RelatedManager[EnvironmentalPerturbation]
    links_combination_perturbation: RelatedManager[ArtifactCombinationPerturbation]
    combination_perturbations: RelatedManager[CombinationPerturbation]

class ArtifactUser(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    user: User
    """What describes it."""
    user_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        user: User = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class ArtifactRun(BaseSQLRecord, IsLink):
    """Runs that describe an artifact as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    artifact: Artifact
    """The artifact that is described."""
    artifact_id: int
    run: Run
    """The run that describes it."""
    run_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        run: Run = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class ArtifactArtifact(BaseSQLRecord, IsLink):
    """Artifacts that describe an artifact as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """The artifact that is described."""
    artifact_id: int
    value: Artifact
    """The artifact that describes it."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        value: Artifact = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class ArtifactJsonValue(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """One end: when it is deleted, the link goes too."""
    artifact_id: int
    jsonvalue: JsonValue
    """The other end, which cannot be deleted while it is linked."""
    jsonvalue_id: int
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        jsonvalue: JsonValue = ...,
    ) -> None: ...

class Collection(CollectionMethods, SQLRecord, IsVersioned):
    """Artifacts that are used together."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier: 16 characters that all versions share, and 4 that count them."""
    key: str
    """Name in the style of a path."""
    description: str | None
    """What it is, in a sentence or more."""
    hash: str | None
    """Hash over the artifacts' hashes."""
    reference: str | None
    """Where it is described outside: a URL, an accession, a page."""
    reference_type: str | None
    """What kind of reference that is, such as url."""
    run: Run | None
    """The run that created it."""
    run_id: int | None
    schema: Schema | None
    """The schema that each artifact meets."""
    schema_id: int | None
    meta_artifact: Artifact | None
    """Artifact with metadata of the whole."""
    meta_artifact_id: int | None
    ulabels: RelatedManager[ULabel]
    input_of_runs: RelatedManager[Run]
    recreating_runs: RelatedManager[Run]
    artifacts: RelatedManager[Artifact]
    linked_in_records: RelatedManager[Record]
    _actions: RelatedManager[Artifact]
    links_artifact: RelatedManager[CollectionArtifact]
    links_ulabel: RelatedManager[CollectionULabel]
    records: RelatedManager[Record]
    links_in_record: RelatedManager[RecordCollection]
    links_record: RelatedManager[CollectionRecord]
    projects: RelatedManager[Project]
    references: RelatedManager[Reference]
    links_project: RelatedManager[CollectionProject]
    links_reference: RelatedManager[CollectionReference]
    ablocks: RelatedManager[CollectionBlock]

class CollectionArtifact(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    collection: Collection
    """One end: when it is deleted, the link goes too."""
    collection_id: int
    artifact: Artifact
    """The other end, which cannot be deleted while it is linked."""
    artifact_id: int
    def __init__(
        self,
        *,
        collection: Collection = ...,
        artifact: Artifact = ...,
    ) -> None: ...

class Transform(TransformMethods, SQLRecord, IsVersioned):
    """Code that turns data into data: a script, a notebook, a pipeline, a function."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    created_at: datetime.datetime
    """When the row was written first."""
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier: 12 characters that all versions share, and 4 that count them."""
    key: str
    """Name in the style of a path, such as scripts/train.py."""
    description: str | None
    """What it does."""
    kind: str
    """pipeline, notebook, script or function."""
    source_code: str | None
    """The code itself."""
    hash: str | None
    """Hash of the source code."""
    reference: str | None
    """Where it is described outside: a URL, an accession, a page."""
    reference_type: str | None
    """What kind of reference that is, such as url."""
    environment: Artifact | None
    """Artifact that describes what must be installed."""
    environment_id: int | None
    plan: Artifact | None
    """Artifact with the plan that an agent followed."""
    plan_id: int | None
    run: Run | None
    """The run that created it."""
    run_id: int | None
    created_by: User
    """Who created it."""
    created_by_id: int
    ulabels: RelatedManager[ULabel]
    linked_in_records: RelatedManager[Record]
    predecessors: RelatedManager[Transform]
    successors: RelatedManager[Transform]
    links_predecessor: RelatedManager[TransformTransform]
    links_successor: RelatedManager[TransformTransform]
    runs: RelatedManager[Run]
    links_ulabel: RelatedManager[TransformULabel]
    records: RelatedManager[Record]
    links_in_record: RelatedManager[RecordTransform]
    links_record: RelatedManager[TransformRecord]
    projects: RelatedManager[Project]
    references: RelatedManager[Reference]
    links_project: RelatedManager[TransformProject]
    links_reference: RelatedManager[TransformReference]
    ablocks: RelatedManager[TransformBlock]

class TransformTransform(BaseSQLRecord, IsLink):
    """Which transform runs before which."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    successor: Transform
    """The transform that runs later."""
    successor_id: int
    predecessor: Transform
    """The transform that runs earlier."""
    predecessor_id: int
    config: Any
    """Settings of this step."""
    def __init__(
        self,
        *,
        successor: Transform = ...,
        predecessor: Transform = ...,
        config: Any = ...,
    ) -> None: ...

class Run(RunMethods, SQLRecord):
    """One execution of a transform."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    updated_at: datetime.datetime
    """When the row was last written."""
    created_at: datetime.datetime
    """When the row was written first."""
    uid: str
    """Identifier that is the same in every database."""
    name: str | None
    """Name."""
    description: str | None
    """What it is, in a sentence or more."""
    transform: Transform
    """What ran."""
    transform_id: int
    entrypoint: str | None
    """The function or script in which it started."""
    started_at: datetime.datetime
    """When it started."""
    finished_at: datetime.datetime | None
    """When it ended; empty while it runs."""
    report: Artifact | None
    """Artifact with what it printed."""
    report_id: int | None
    environment: Artifact | None
    """Artifact that lists what was installed."""
    environment_id: int | None
    plan: Artifact | None
    """Artifact with the plan that an agent followed."""
    plan_id: int | None
    params: Any
    """Parameters, as a JSON object."""
    extra_data: Any
    """Anything else, as a JSON object."""
    reference: str | None
    """Where it is described outside: a URL, an accession, a page."""
    reference_type: str | None
    """What kind of reference that is, such as url."""
    cli_args: str | None
    """Arguments of the command line."""
    created_by: User
    """Who created it."""
    created_by_id: int
    initiated_by_run: Run | None
    """The run that started this one."""
    initiated_by_run_id: int | None
    _is_consecutive: bool | None
    """Whether the cells of a notebook ran in order."""
    _status_code: int
    """How far it is, or how it ended."""
    json_values: RelatedManager[JsonValue]
    ulabels: RelatedManager[ULabel]
    linked_in_records: RelatedManager[Record]
    artifacts: RelatedManager[Artifact]
    linked_artifacts: RelatedManager[Artifact]
    output_artifacts: RelatedManager[Artifact]
    input_artifacts: RelatedManager[Artifact]
    recreated_artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactRun]
    output_collections: RelatedManager[Collection]
    input_collections: RelatedManager[Collection]
    recreated_collections: RelatedManager[Collection]
    output_transforms: RelatedManager[Transform]
    initiated_runs: RelatedManager[Run]
    links_jsonvalue: RelatedManager[RunJsonValue]
    values_artifact: RelatedManager[RunArtifact]
    links_ulabel: RelatedManager[RunULabel]
    output_records: RelatedManager[Record]
    input_records: RelatedManager[Record]
    records: RelatedManager[Record]
    links_in_record: RelatedManager[RecordRun]
    links_record: RelatedManager[RunRecord]
    projects: RelatedManager[Project]
    links_project: RelatedManager[RunProject]
    ablocks: RelatedManager[RunBlock]

class RunJsonValue(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run
    """One end: when it is deleted, the link goes too."""
    run_id: int
    jsonvalue: JsonValue
    """The other end, which cannot be deleted while it is linked."""
    jsonvalue_id: int
    def __init__(
        self,
        *,
        run: Run = ...,
        jsonvalue: JsonValue = ...,
    ) -> None: ...

class RunArtifact(BaseSQLRecord, IsLink):
    """Artifacts that describe a run as values of features."""

    id: int
    run: Run
    """The run that is described."""
    run_id: int
    artifact: Artifact
    """The artifact that describes it."""
    artifact_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    def __init__(
        self,
        *,
        run: Run = ...,
        artifact: Artifact = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Feature(FeatureMethods, SQLRecord, HasType, CanCurate, HasSynonyms):
    """A dimension of measurement: a column, a key, a variable."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str
    """Name of the dimension, such as the header of a column."""
    _dtype_str: str | None
    """Type of the values, such as int or cat[ULabel]."""
    _ounit_str: str | None
    """What one observation is."""
    type: Feature | None
    """The type that it belongs to."""
    type_id: int | None
    unit: str | None
    """Unit of measurement."""
    description: str | None
    """What it is, in a sentence or more."""
    array_rank: int
    """Number of dimensions of a value: 0 for a scalar."""
    array_size: int
    """Number of elements of a value: 0 for a scalar."""
    array_shape: Any
    """Shape of a value."""
    synonyms: str | None
    """Other names, separated by |."""
    default_value: Any
    """What a missing value stands for."""
    nullable: bool | None
    """Whether values may be missing."""
    coerce: bool | None
    """Whether values are converted before they are validated."""
    schemas: RelatedManager[Schema]
    links_artifactuser: RelatedManager[ArtifactUser]
    links_artifactrun: RelatedManager[ArtifactRun]
    links_artifactartifact: RelatedManager[ArtifactArtifact]
    links_runartifact: RelatedManager[RunArtifact]
    features: RelatedManager[Feature]
    values: RelatedManager[JsonValue]
    links_schema: RelatedManager[SchemaFeature]
    links_artifactulabel: RelatedManager[ArtifactULabel]
    links_collectionulabel: RelatedManager[CollectionULabel]
    links_recordjson: RelatedManager[RecordJson]
    links_recordrecord: RelatedManager[RecordRecord]
    links_recordulabel: RelatedManager[RecordULabel]
    links_recorduser: RelatedManager[RecordUser]
    links_recordrun: RelatedManager[RecordRun]
    links_runrecord: RelatedManager[RunRecord]
    links_recordartifact: RelatedManager[RecordArtifact]
    links_artifactrecord: RelatedManager[ArtifactRecord]
    links_recordcollection: RelatedManager[RecordCollection]
    links_collectionrecord: RelatedManager[CollectionRecord]
    links_recordtransform: RelatedManager[RecordTransform]
    links_transformrecord: RelatedManager[TransformRecord]
    links_recordreference: RelatedManager[RecordReference]
    links_recordproject: RelatedManager[RecordProject]
    projects: RelatedManager[Project]
    links_artifactproject: RelatedManager[ArtifactProject]
    links_project: RelatedManager[FeatureProject]
    links_referencerecord: RelatedManager[ReferenceRecord]
    links_projectrecord: RelatedManager[ProjectRecord]
    links_artifactreference: RelatedManager[ArtifactReference]
    ablocks: RelatedManager[FeatureBlock]
    links_artifactorganism: RelatedManager[ArtifactOrganism]
    links_recordorganism: RelatedManager[RecordOrganism]
    links_artifactgene: RelatedManager[ArtifactGene]
    links_recordgene: RelatedManager[RecordGene]
    links_artifactprotein: RelatedManager[ArtifactProtein]
    links_recordprotein: RelatedManager[RecordProtein]
    links_artifactcellmarker: RelatedManager[ArtifactCellMarker]
    links_recordcellmarker: RelatedManager[RecordCellMarker]
    links_artifacttissue: RelatedManager[ArtifactTissue]
    links_recordtissue: RelatedManager[RecordTissue]
    links_artifactcelltype: RelatedManager[ArtifactCellType]
    links_recordcelltype: RelatedManager[RecordCellType]
    links_artifactdisease: RelatedManager[ArtifactDisease]
    links_recorddisease: RelatedManager[RecordDisease]
    links_artifactcellline: RelatedManager[ArtifactCellLine]
    links_recordcellline: RelatedManager[RecordCellLine]
    links_artifactphenotype: RelatedManager[ArtifactPhenotype]
    links_recordphenotype: RelatedManager[RecordPhenotype]
    links_artifactpathway: RelatedManager[ArtifactPathway]
    links_recordpathway: RelatedManager[RecordPathway]
    links_artifactexperimentalfactor: RelatedManager[ArtifactExperimentalFactor]
    links_recordexperimentalfactor: RelatedManager[RecordExperimentalFactor]
    links_artifactdevelopmentalstage: RelatedManager[ArtifactDevelopmentalStage]
    links_recorddevelopmentalstage: RelatedManager[RecordDevelopmentalStage]
    links_artifactethnicity: RelatedManager[ArtifactEthnicity]
    links_recordethnicity: RelatedManager[RecordEthnicity]
    links_artifactcompound: RelatedManager[ArtifactCompound]
    links_artifactperturbationtarget: RelatedManager[ArtifactPerturbationTarget]
    links_artifactgeneticperturbation: RelatedManager[ArtifactGeneticPerturbation]
    links_artifactbiologic: RelatedManager[ArtifactBiologic]
    links_artifactcompoundperturbation: RelatedManager[ArtifactCompoundPerturbation]
    links_artifactenvironmentalperturbation: RelatedManager[ArtifactEnvironmentalPerturbation]
    links_artifactcombinationperturbation: RelatedManager[ArtifactCombinationPerturbation]

class JsonValue(JsonValueMethods, SQLRecord):
    """A value of a feature that is no category, shared by all that have it."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    feature: Feature | None
    """The feature whose value it is."""
    feature_id: int | None
    value: Any
    """The value, as JSON."""
    hash: str | None
    """Hash of the value, by which equal values share a row."""
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactJsonValue]
    runs: RelatedManager[Run]
    links_run: RelatedManager[RunJsonValue]

class Schema(SchemaMethods, SQLRecord, HasType, CanCurate):
    """Which features a dataset has, and what values they take."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str | None
    """Name."""
    description: str | None
    """What it is, in a sentence or more."""
    n_members: int | None
    """Number of features; none if it is open."""
    coerce: bool | None
    """Whether values are converted before they are validated."""
    flexible: bool | None
    """Whether features that are not listed are allowed."""
    type: Schema | None
    """The type that it belongs to."""
    type_id: int | None
    itype: str | None
    """Registry of the identifiers that are validated, such as Feature."""
    otype: str | None
    """Class of the objects that it describes, such as AnnData."""
    suffix: str | None
    """Ending of the files that it describes."""
    _dtype_str: str | None
    """Type that all members share."""
    hash: str | None
    """Hash of the definition."""
    minimal_set: bool
    """Whether every listed feature must be there."""
    ordered_set: bool
    """Whether their order matters."""
    maximal_set: bool
    """Whether no other feature may be there."""
    components: RelatedManager[Schema]
    validated_artifacts: RelatedManager[Artifact]
    artifacts: RelatedManager[Artifact]
    validated_collections: RelatedManager[Collection]
    features: RelatedManager[Feature]
    schemas: RelatedManager[Schema]
    composites: RelatedManager[Schema]
    links_feature: RelatedManager[SchemaFeature]
    links_component: RelatedManager[SchemaComponent]
    links_composite: RelatedManager[SchemaComponent]
    _links_artifact: RelatedManager[ArtifactSchema]
    records: RelatedManager[Record]
    projects: RelatedManager[Project]
    links_project: RelatedManager[SchemaProject]
    ablocks: RelatedManager[SchemaBlock]
    genes: RelatedManager[Gene]
    proteins: RelatedManager[Protein]
    cell_markers: RelatedManager[CellMarker]
    pathways: RelatedManager[Pathway]
    links_gene: RelatedManager[SchemaGene]
    links_protein: RelatedManager[SchemaProtein]
    links_cellmarker: RelatedManager[SchemaCellMarker]
    links_pathway: RelatedManager[SchemaPathway]

class SchemaFeature(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    feature: Feature
    """The other end, which cannot be deleted while it is linked."""
    feature_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        feature: Feature = ...,
    ) -> None: ...

class SchemaComponent(BaseSQLRecord, IsLink):
    """The schemas that a schema of several slots consists of."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    composite: Schema
    """The schema of the whole."""
    composite_id: int
    component: Schema
    """The schema of a part."""
    component_id: int
    slot: str | None
    """Part of the dataset, such as obs or var."""
    def __init__(
        self,
        *,
        composite: Schema = ...,
        component: Schema = ...,
        slot: str | None = ...,
    ) -> None: ...

class ArtifactSchema(BaseSQLRecord, IsLink):
    """Which schema each slot of an artifact met."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """The artifact that was validated."""
    artifact_id: int
    schema: Schema
    """The schema of one of its slots."""
    schema_id: int
    slot: str | None
    """Part of the dataset, such as obs or var."""
    feature_ref_is_semantic: bool | None
    """Whether the names of features have a meaning outside this dataset."""
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        schema: Schema = ...,
        slot: str | None = ...,
        feature_ref_is_semantic: bool | None = ...,
    ) -> None: ...

class ULabel(ULabelMethods, SQLRecord, HasType, HasParents, CanCurate):
    """A universal label, for anything that has no registry of its own."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str
    """Name of the label."""
    type: ULabel | None
    """The type that it belongs to."""
    type_id: int | None
    description: str | None
    """What it is, in a sentence or more."""
    reference: str | None
    """Where it is described outside: a URL, an accession, a page."""
    reference_type: str | None
    """What kind of reference that is, such as url."""
    parents: RelatedManager[ULabel]
    artifacts: RelatedManager[Artifact]
    linked_in_records: RelatedManager[Record]
    branches: RelatedManager[Branch]
    collections: RelatedManager[Collection]
    transforms: RelatedManager[Transform]
    runs: RelatedManager[Run]
    children: RelatedManager[ULabel]
    ulabels: RelatedManager[ULabel]
    links_artifact: RelatedManager[ArtifactULabel]
    links_transform: RelatedManager[TransformULabel]
    links_run: RelatedManager[RunULabel]
    links_branch: RelatedManager[BranchULabel]
    links_collection: RelatedManager[CollectionULabel]
    links_record: RelatedManager[RecordULabel]
    projects: RelatedManager[Project]
    links_project: RelatedManager[ULabelProject]
    ablocks: RelatedManager[ULabelBlock]

class ArtifactULabel(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    ulabel: ULabel
    """What describes it."""
    ulabel_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        ulabel: ULabel = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class TransformULabel(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    transform: Transform
    """One end: when it is deleted, the link goes too."""
    transform_id: int
    ulabel: ULabel
    """The other end, which cannot be deleted while it is linked."""
    ulabel_id: int
    def __init__(
        self,
        *,
        transform: Transform = ...,
        ulabel: ULabel = ...,
    ) -> None: ...

class RunULabel(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run
    """One end: when it is deleted, the link goes too."""
    run_id: int
    ulabel: ULabel
    """The other end, which cannot be deleted while it is linked."""
    ulabel_id: int
    def __init__(
        self,
        *,
        run: Run = ...,
        ulabel: ULabel = ...,
    ) -> None: ...

class BranchULabel(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    branch: Branch
    """One end: when it is deleted, the link goes too."""
    branch_id: int
    ulabel: ULabel
    """The other end, which cannot be deleted while it is linked."""
    ulabel_id: int
    def __init__(
        self,
        *,
        branch: Branch = ...,
        ulabel: ULabel = ...,
    ) -> None: ...

class CollectionULabel(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    collection: Collection
    """What is described."""
    collection_id: int
    ulabel: ULabel
    """What describes it."""
    ulabel_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        collection: Collection = ...,
        ulabel: ULabel = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Record(RecordMethods, SQLRecord, HasType, HasParents, CanCurate):
    """A row of a sheet whose columns are features: a sample, a donor, a cell line."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str | None
    """Name; may be empty in a sheet."""
    type: Record | None
    """The type that it belongs to."""
    type_id: int | None
    description: str | None
    """What it is, in a sentence or more."""
    reference: str | None
    """Where it is described outside: a URL, an accession, a page."""
    reference_type: str | None
    """What kind of reference that is, such as url."""
    extra_data: Any
    """Anything else, as a JSON object."""
    schema: Schema | None
    """The schema that its values meet; of a type: the columns of the sheet."""
    schema_id: int | None
    run: Run | None
    """The run that created it."""
    run_id: int | None
    parents: RelatedManager[Record]
    linked_records: RelatedManager[Record]
    input_of_runs: RelatedManager[Run]
    artifacts: RelatedManager[Artifact]
    runs: RelatedManager[Run]
    transforms: RelatedManager[Transform]
    collections: RelatedManager[Collection]
    linked_users: RelatedManager[User]
    linked_artifacts: RelatedManager[Artifact]
    linked_collections: RelatedManager[Collection]
    linked_transforms: RelatedManager[Transform]
    linked_runs: RelatedManager[Run]
    linked_ulabels: RelatedManager[ULabel]
    children: RelatedManager[Record]
    records: RelatedManager[Record]
    linked_in_records: RelatedManager[Record]
    values_json: RelatedManager[RecordJson]
    values_record: RelatedManager[RecordRecord]
    links_record: RelatedManager[RecordRecord]
    values_ulabel: RelatedManager[RecordULabel]
    values_user: RelatedManager[RecordUser]
    values_run: RelatedManager[RecordRun]
    links_run: RelatedManager[RunRecord]
    values_artifact: RelatedManager[RecordArtifact]
    links_artifact: RelatedManager[ArtifactRecord]
    values_collection: RelatedManager[RecordCollection]
    links_collection: RelatedManager[CollectionRecord]
    values_transform: RelatedManager[RecordTransform]
    links_transform: RelatedManager[TransformRecord]
    values_reference: RelatedManager[RecordReference]
    values_project: RelatedManager[RecordProject]
    linked_projects: RelatedManager[Project]
    projects: RelatedManager[Project]
    linked_references: RelatedManager[Reference]
    references: RelatedManager[Reference]
    links_reference: RelatedManager[ReferenceRecord]
    links_project: RelatedManager[ProjectRecord]
    ablocks: RelatedManager[RecordBlock]
    values_organism: RelatedManager[RecordOrganism]
    organisms: RelatedManager[Organism]
    values_gene: RelatedManager[RecordGene]
    genes: RelatedManager[Gene]
    values_protein: RelatedManager[RecordProtein]
    proteins: RelatedManager[Protein]
    values_cell_marker: RelatedManager[RecordCellMarker]
    cell_markers: RelatedManager[CellMarker]
    values_tissue: RelatedManager[RecordTissue]
    tissues: RelatedManager[Tissue]
    values_cell_type: RelatedManager[RecordCellType]
    cell_types: RelatedManager[CellType]
    values_disease: RelatedManager[RecordDisease]
    diseases: RelatedManager[Disease]
    values_cell_line: RelatedManager[RecordCellLine]
    cell_lines: RelatedManager[CellLine]
    values_phenotype: RelatedManager[RecordPhenotype]
    phenotypes: RelatedManager[Phenotype]
    values_pathway: RelatedManager[RecordPathway]
    pathways: RelatedManager[Pathway]
    values_experimental_factor: RelatedManager[RecordExperimentalFactor]
    experimental_factors: RelatedManager[ExperimentalFactor]
    values_developmental_stage: RelatedManager[RecordDevelopmentalStage]
    developmental_stages: RelatedManager[DevelopmentalStage]
    values_ethnicity: RelatedManager[RecordEthnicity]
    ethnicities: RelatedManager[Ethnicity]

class RecordJson(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is no row of a registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Any
    """The value, as JSON."""
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Any = ...,
    ) -> None: ...

class RecordRecord(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Record
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Record = ...,
    ) -> None: ...

class RecordULabel(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: ULabel
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: ULabel = ...,
    ) -> None: ...

class RecordUser(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: User
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: User = ...,
    ) -> None: ...

class RecordRun(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Run
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Run = ...,
    ) -> None: ...

class RunRecord(BaseSQLRecord, IsLink):
    """Records that describe a run."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run
    """The run that is described."""
    run_id: int
    record: Record
    """The record that describes it."""
    record_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    def __init__(
        self,
        *,
        run: Run = ...,
        record: Record = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordArtifact(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Artifact
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Artifact = ...,
    ) -> None: ...

class ArtifactRecord(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    record: Record
    """What describes it."""
    record_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        record: Record = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordCollection(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Collection
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Collection = ...,
    ) -> None: ...

class CollectionRecord(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    collection: Collection
    """What is described."""
    collection_id: int
    record: Record
    """What describes it."""
    record_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        collection: Collection = ...,
        record: Record = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordTransform(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Transform
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Transform = ...,
    ) -> None: ...

class TransformRecord(BaseSQLRecord, IsLink):
    """Records that describe a transform."""

    id: int
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    transform: Transform
    """The transform that is described."""
    transform_id: int
    record: Record
    """The record that describes it."""
    record_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    created_at: datetime.datetime
    """When the row was written first."""
    def __init__(
        self,
        *,
        transform: Transform = ...,
        record: Record = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordReference(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Reference
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Reference = ...,
    ) -> None: ...

class RecordProject(BaseSQLRecord, IsLink):
    """The value that a record has for a feature, where the value is a row of another registry."""

    id: int
    record: Record
    """The record that has the value."""
    record_id: int
    feature: Feature
    """The feature, like the column of a sheet."""
    feature_id: int
    value: Project
    """The value."""
    value_id: int
    def __init__(
        self,
        *,
        record: Record = ...,
        feature: Feature = ...,
        value: Project = ...,
    ) -> None: ...

class Project(ProjectMethods, SQLRecord, HasType, CanCurate, HasAbbr):
    """What people, data and code belong to."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str
    """Name of the project."""
    description: str | None
    """What it is, in a sentence or more."""
    type: Project | None
    """The type that it belongs to."""
    type_id: int | None
    abbr: str | None
    """Abbreviation."""
    url: str | None
    """Web page."""
    start_date: datetime.date | None
    """First day."""
    end_date: datetime.date | None
    """Last day."""
    _status_code: int
    """How far it is."""
    parents: RelatedManager[Project]
    predecessors: RelatedManager[Project]
    artifacts: RelatedManager[Artifact]
    transforms: RelatedManager[Transform]
    runs: RelatedManager[Run]
    ulabels: RelatedManager[ULabel]
    features: RelatedManager[Feature]
    schemas: RelatedManager[Schema]
    linked_in_records: RelatedManager[Record]
    records: RelatedManager[Record]
    collections: RelatedManager[Collection]
    references: RelatedManager[Reference]
    blocks: RelatedManager[Block]
    users: RelatedManager[User]
    branches: RelatedManager[Branch]
    links_in_record: RelatedManager[RecordProject]
    projects: RelatedManager[Project]
    children: RelatedManager[Project]
    successors: RelatedManager[Project]
    links_artifact: RelatedManager[ArtifactProject]
    links_run: RelatedManager[RunProject]
    links_branch: RelatedManager[BranchProject]
    links_user: RelatedManager[ProjectUser]
    links_transform: RelatedManager[TransformProject]
    links_collection: RelatedManager[CollectionProject]
    links_ulabel: RelatedManager[ULabelProject]
    links_feature: RelatedManager[FeatureProject]
    links_schema: RelatedManager[SchemaProject]
    links_record: RelatedManager[ProjectRecord]
    links_block: RelatedManager[BlockProject]
    ablocks: RelatedManager[ProjectBlock]

class Reference(ReferenceMethods, SQLRecord, HasType, CanCurate, HasAbbr):
    """A publication or another document."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    is_type: bool
    """Whether it is a type, which groups others, and not a value."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier that is the same in every database."""
    name: str
    """Title."""
    description: str | None
    """What it is, in a sentence or more."""
    type: Reference | None
    """The type that it belongs to."""
    type_id: int | None
    abbr: str | None
    """Abbreviation, such as the name of a journal."""
    url: str | None
    """Web page."""
    pubmed_id: int | None
    """PubMed identifier."""
    doi: str | None
    """Digital object identifier, such as 10.1038/s41586-020-2649-2."""
    text: str | None
    """The text, such as an abstract."""
    date: datetime.date | None
    """When it appeared."""
    artifacts: RelatedManager[Artifact]
    transforms: RelatedManager[Transform]
    collections: RelatedManager[Collection]
    linked_in_records: RelatedManager[Record]
    records: RelatedManager[Record]
    links_in_record: RelatedManager[RecordReference]
    projects: RelatedManager[Project]
    references: RelatedManager[Reference]
    links_record: RelatedManager[ReferenceRecord]
    links_artifact: RelatedManager[ArtifactReference]
    links_transform: RelatedManager[TransformReference]
    links_collection: RelatedManager[CollectionReference]

class ArtifactProject(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    project: Project
    """What describes it."""
    project_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        project: Project = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RunProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run
    """One end: when it is deleted, the link goes too."""
    run_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        run: Run = ...,
        project: Project = ...,
    ) -> None: ...

class BranchProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    branch: Branch
    """One end: when it is deleted, the link goes too."""
    branch_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        branch: Branch = ...,
        project: Project = ...,
    ) -> None: ...

class ProjectUser(BaseSQLRecord, IsLink):
    """Who works on which project."""

    id: int
    project: Project
    """The project."""
    project_id: int
    user: User
    """The person."""
    user_id: int
    role: str
    """What the person does there."""
    def __init__(
        self,
        *,
        project: Project = ...,
        user: User = ...,
        role: str = ...,
    ) -> None: ...

class TransformProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    transform: Transform
    """One end: when it is deleted, the link goes too."""
    transform_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        transform: Transform = ...,
        project: Project = ...,
    ) -> None: ...

class CollectionProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    collection: Collection
    """One end: when it is deleted, the link goes too."""
    collection_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        collection: Collection = ...,
        project: Project = ...,
    ) -> None: ...

class ULabelProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    ulabel: ULabel
    """One end: when it is deleted, the link goes too."""
    ulabel_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        ulabel: ULabel = ...,
        project: Project = ...,
    ) -> None: ...

class FeatureProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    feature: Feature
    """One end: when it is deleted, the link goes too."""
    feature_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        feature: Feature = ...,
        project: Project = ...,
    ) -> None: ...

class SchemaProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        project: Project = ...,
    ) -> None: ...

class ReferenceRecord(BaseSQLRecord, IsLink):
    """Records that describe a reference."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    reference: Reference
    """The reference that is described."""
    reference_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    record: Record
    """The record that describes it."""
    record_id: int
    def __init__(
        self,
        *,
        reference: Reference = ...,
        feature: Feature | None = ...,
        record: Record = ...,
    ) -> None: ...

class ProjectRecord(BaseSQLRecord, IsLink):
    """Records that describe a project."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    project: Project
    """The project that is described."""
    project_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain link."""
    feature_id: int | None
    record: Record
    """The record that describes it."""
    record_id: int
    def __init__(
        self,
        *,
        project: Project = ...,
        feature: Feature | None = ...,
        record: Record = ...,
    ) -> None: ...

class BlockProject(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    block: Block
    """One end: when it is deleted, the link goes too."""
    block_id: int
    project: Project
    """The other end, which cannot be deleted while it is linked."""
    project_id: int
    def __init__(
        self,
        *,
        block: Block = ...,
        project: Project = ...,
    ) -> None: ...

class ArtifactReference(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    reference: Reference
    """What describes it."""
    reference_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        reference: Reference = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class TransformReference(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    transform: Transform
    """One end: when it is deleted, the link goes too."""
    transform_id: int
    reference: Reference
    """The other end, which cannot be deleted while it is linked."""
    reference_id: int
    def __init__(
        self,
        *,
        transform: Transform = ...,
        reference: Reference = ...,
    ) -> None: ...

class CollectionReference(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    collection: Collection
    """One end: when it is deleted, the link goes too."""
    collection_id: int
    reference: Reference
    """The other end, which cannot be deleted while it is linked."""
    reference_id: int
    def __init__(
        self,
        *,
        collection: Collection = ...,
        reference: Reference = ...,
    ) -> None: ...

class Block(SQLRecord, IsVersioned):
    """A text of its own, or the beginning of a thread."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    key: str | None
    """Name in the style of a path."""
    anchor: Block | None
    """The text that this one answers or belongs to."""
    anchor_id: int | None
    projects: RelatedManager[Project]
    links_project: RelatedManager[BlockProject]
    children: RelatedManager[Block]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        version_tag: str | None = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        key: str | None = ...,
        anchor: Block | None = ...,
    ) -> None: ...

class RecordBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    record: Record
    """What the text is attached to."""
    record_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        record: Record = ...,
    ) -> None: ...

class ArtifactBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    artifact: Artifact
    """What the text is attached to."""
    artifact_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        artifact: Artifact = ...,
    ) -> None: ...

class TransformBlock(SQLRecord, IsVersioned):
    """Text attached to a transform or to a line of it."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    transform: Transform | None
    """What the text is attached to."""
    transform_id: int | None
    line_number: int | None
    """The line of the source code that it is about."""
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        transform: Transform | None = ...,
        line_number: int | None = ...,
    ) -> None: ...

class RunBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    run: Run
    """What the text is attached to."""
    run_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        run: Run = ...,
    ) -> None: ...

class CollectionBlock(SQLRecord, IsVersioned):
    """Text attached to a collection."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    collection: Collection | None
    """What the text is attached to."""
    collection_id: int | None
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        collection: Collection | None = ...,
    ) -> None: ...

class SchemaBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    schema: Schema
    """What the text is attached to."""
    schema_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        schema: Schema = ...,
    ) -> None: ...

class FeatureBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    feature: Feature
    """What the text is attached to."""
    feature_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        feature: Feature = ...,
    ) -> None: ...

class ProjectBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    project: Project
    """What the text is attached to."""
    project_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        project: Project = ...,
    ) -> None: ...

class SpaceBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    space: Space
    """What the text is attached to."""
    space_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        space: Space = ...,
    ) -> None: ...

class ULabelBlock(SQLRecord, IsVersioned):
    """Text attached to an object: its readme, or a comment."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    ulabel: ULabel
    """What the text is attached to."""
    ulabel_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        branch: Branch = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        ulabel: ULabel = ...,
    ) -> None: ...

class BranchBlock(BaseSQLRecord, IsVersioned):
    """Text attached to a branch."""

    id: int
    version_tag: str | None
    """A version's name, such as 1.0, where one was given."""
    is_latest: bool
    """Whether it is the newest version of its family on its branch."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    uid: str
    """Identifier that is the same in every database."""
    content: str
    """The text, in Markdown."""
    hash: str | None
    """Hash of the content."""
    kind: str
    """readme or comment."""
    _status_code: int
    """State of a discussion."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    branch: Branch
    """What the text is attached to."""
    branch_id: int
    def __init__(
        self,
        *,
        version_tag: str | None = ...,
        content: str = ...,
        hash: str | None = ...,
        kind: str = ...,
        branch: Branch = ...,
    ) -> None: ...

class Source(SQLRecord):
    """A release of a public ontology or database."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from registry, name, organism and version."""
    entity: str
    """The registry that it feeds, such as bionty.CellType."""
    organism: str
    """The organism that it covers, or all."""
    name: str
    """Name of the ontology or database, such as cl."""
    version: str
    """Release."""
    in_db: bool
    """Whether its terms were imported."""
    currently_used: bool
    """Whether it is the default for its registry and organism."""
    description: str | None
    """Full name."""
    url: str | None
    """Where the release is downloaded."""
    md5: str | None
    """MD5 of the download."""
    source_website: str | None
    """Home page."""
    dataframe_artifact: Artifact | None
    """Artifact with its terms as a table."""
    dataframe_artifact_id: int | None
    artifacts: RelatedManager[Artifact]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        uid: str = ...,
        entity: str = ...,
        organism: str = ...,
        name: str = ...,
        version: str = ...,
        in_db: bool = ...,
        currently_used: bool = ...,
        description: str | None = ...,
        url: str | None = ...,
        md5: str | None = ...,
        source_website: str | None = ...,
        dataframe_artifact: Artifact | None = ...,
    ) -> None: ...

class ArtifactOrganism(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    organism: Organism
    """What describes it."""
    organism_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        organism: Organism = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordOrganism(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Organism
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Organism = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Organism(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Organisms."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    scientific_name: str | None
    """Scientific name, such as Homo sapiens."""
    parents: RelatedManager[Organism]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactOrganism]
    links_record: RelatedManager[RecordOrganism]
    children: RelatedManager[Organism]
    genes: RelatedManager[Gene]
    proteins: RelatedManager[Protein]
    cell_markers: RelatedManager[CellMarker]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        scientific_name: str | None = ...,
    ) -> None: ...

class ArtifactGene(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    gene: Gene
    """What describes it."""
    gene_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        gene: Gene = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordGene(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Gene
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Gene = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Gene(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Genes."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    symbol: str | None
    """Gene symbol, such as TP53."""
    stable_id: str | None
    """Identifier in a database other than Ensembl."""
    ensembl_gene_id: str | None
    """Ensembl identifier, such as ENSG00000141510."""
    ncbi_gene_ids: str | None
    """NCBI identifiers, separated by |."""
    biotype: str | None
    """Class of gene, such as protein_coding."""
    organism: Organism
    """The organism that it belongs to."""
    organism_id: int
    schemas: RelatedManager[Schema]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactGene]
    links_record: RelatedManager[RecordGene]
    pathways: RelatedManager[Pathway]
    links_schema: RelatedManager[SchemaGene]
    perturbation_targets: RelatedManager[PerturbationTarget]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        symbol: str | None = ...,
        stable_id: str | None = ...,
        ensembl_gene_id: str | None = ...,
        ncbi_gene_ids: str | None = ...,
        biotype: str | None = ...,
        organism: Organism = ...,
    ) -> None: ...

class ArtifactProtein(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    protein: Protein
    """What describes it."""
    protein_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        protein: Protein = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordProtein(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Protein
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Protein = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Protein(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Proteins."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str | None
    """Name of the protein."""
    uniprotkb_id: str | None
    """UniProt accession, such as P04637."""
    length: int | None
    """Number of amino acids."""
    gene_symbol: str | None
    """Symbol of the gene that encodes it."""
    ensembl_gene_ids: str | None
    """Ensembl identifiers of its genes, separated by |."""
    organism: Organism
    """The organism that it belongs to."""
    organism_id: int
    schemas: RelatedManager[Schema]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactProtein]
    links_record: RelatedManager[RecordProtein]
    links_schema: RelatedManager[SchemaProtein]
    perturbation_targets: RelatedManager[PerturbationTarget]
    biologics: RelatedManager[Biologic]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str | None = ...,
        uniprotkb_id: str | None = ...,
        length: int | None = ...,
        gene_symbol: str | None = ...,
        ensembl_gene_ids: str | None = ...,
        organism: Organism = ...,
    ) -> None: ...

class ArtifactCellMarker(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    cellmarker: CellMarker
    """What describes it."""
    cellmarker_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        cellmarker: CellMarker = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordCellMarker(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: CellMarker
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: CellMarker = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class CellMarker(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Cell markers: proteins by which cells are told apart."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the marker, such as CD8."""
    gene_symbol: str | None
    """Symbol of the gene behind it."""
    ncbi_gene_id: str | None
    """NCBI identifier of the gene."""
    uniprotkb_id: str | None
    """UniProt accession of the protein."""
    organism: Organism
    """The organism that it belongs to."""
    organism_id: int
    schemas: RelatedManager[Schema]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactCellMarker]
    links_record: RelatedManager[RecordCellMarker]
    links_schema: RelatedManager[SchemaCellMarker]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
        gene_symbol: str | None = ...,
        ncbi_gene_id: str | None = ...,
        uniprotkb_id: str | None = ...,
        organism: Organism = ...,
    ) -> None: ...

class ArtifactTissue(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    tissue: Tissue
    """What describes it."""
    tissue_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        tissue: Tissue = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordTissue(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Tissue
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Tissue = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Tissue(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Tissues, organs and other parts of a body."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[Tissue]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactTissue]
    links_record: RelatedManager[RecordTissue]
    children: RelatedManager[Tissue]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactCellType(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    celltype: CellType
    """What describes it."""
    celltype_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        celltype: CellType = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordCellType(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: CellType
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: CellType = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class CellType(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Cell types."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[CellType]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactCellType]
    links_record: RelatedManager[RecordCellType]
    children: RelatedManager[CellType]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactDisease(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    disease: Disease
    """What describes it."""
    disease_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        disease: Disease = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordDisease(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Disease
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Disease = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Disease(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Diseases."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[Disease]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactDisease]
    links_record: RelatedManager[RecordDisease]
    children: RelatedManager[Disease]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactCellLine(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    cellline: CellLine
    """What describes it."""
    cellline_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        cellline: CellLine = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordCellLine(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: CellLine
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: CellLine = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class CellLine(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Cell lines."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[CellLine]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactCellLine]
    links_record: RelatedManager[RecordCellLine]
    children: RelatedManager[CellLine]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactPhenotype(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    phenotype: Phenotype
    """What describes it."""
    phenotype_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        phenotype: Phenotype = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordPhenotype(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Phenotype
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Phenotype = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Phenotype(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Phenotypes."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[Phenotype]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactPhenotype]
    links_record: RelatedManager[RecordPhenotype]
    children: RelatedManager[Phenotype]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactPathway(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    pathway: Pathway
    """What describes it."""
    pathway_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        pathway: Pathway = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordPathway(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Pathway
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Pathway = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Pathway(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Pathways and other gene sets."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[Pathway]
    genes: RelatedManager[Gene]
    schemas: RelatedManager[Schema]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactPathway]
    links_record: RelatedManager[RecordPathway]
    children: RelatedManager[Pathway]
    links_schema: RelatedManager[SchemaPathway]
    perturbation_targets: RelatedManager[PerturbationTarget]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactExperimentalFactor(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    experimentalfactor: ExperimentalFactor
    """What describes it."""
    experimentalfactor_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        experimentalfactor: ExperimentalFactor = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordExperimentalFactor(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: ExperimentalFactor
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: ExperimentalFactor = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class ExperimentalFactor(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Assays, instruments and other factors of an experiment."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[ExperimentalFactor]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactExperimentalFactor]
    links_record: RelatedManager[RecordExperimentalFactor]
    children: RelatedManager[ExperimentalFactor]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactDevelopmentalStage(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    developmentalstage: DevelopmentalStage
    """What describes it."""
    developmentalstage_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        developmentalstage: DevelopmentalStage = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordDevelopmentalStage(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: DevelopmentalStage
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: DevelopmentalStage = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class DevelopmentalStage(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Developmental stages."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[DevelopmentalStage]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactDevelopmentalStage]
    links_record: RelatedManager[RecordDevelopmentalStage]
    children: RelatedManager[DevelopmentalStage]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class ArtifactEthnicity(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    ethnicity: Ethnicity
    """What describes it."""
    ethnicity_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        ethnicity: Ethnicity = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class RecordEthnicity(BaseSQLRecord, IsLink):
    """The terms that a record has as values of features."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    record: Record
    """The record that has the value."""
    record_id: int
    value: Ethnicity
    """The term."""
    value_id: int
    feature: Feature | None
    """The feature whose value it is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        record: Record = ...,
        value: Ethnicity = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Ethnicity(BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Ethnicities."""

    id: int
    name: str
    """Preferred name."""
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    parents: RelatedManager[Ethnicity]
    artifacts: RelatedManager[Artifact]
    records: RelatedManager[Record]
    links_artifact: RelatedManager[ArtifactEthnicity]
    links_record: RelatedManager[RecordEthnicity]
    children: RelatedManager[Ethnicity]
    def __init__(
        self,
        *,
        name: str = ...,
        ontology_id: str | None = ...,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
    ) -> None: ...

class SchemaGene(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    gene: Gene
    """The other end, which cannot be deleted while it is linked."""
    gene_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        gene: Gene = ...,
    ) -> None: ...

class SchemaProtein(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    protein: Protein
    """The other end, which cannot be deleted while it is linked."""
    protein_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        protein: Protein = ...,
    ) -> None: ...

class SchemaCellMarker(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    cellmarker: CellMarker
    """The other end, which cannot be deleted while it is linked."""
    cellmarker_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        cellmarker: CellMarker = ...,
    ) -> None: ...

class SchemaPathway(BaseSQLRecord, IsLink):
    """Pairs of the two registries that make its name."""

    id: int
    schema: Schema
    """One end: when it is deleted, the link goes too."""
    schema_id: int
    pathway: Pathway
    """The other end, which cannot be deleted while it is linked."""
    pathway_id: int
    def __init__(
        self,
        *,
        schema: Schema = ...,
        pathway: Pathway = ...,
    ) -> None: ...

class ArtifactCompound(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    compound: Compound
    """What describes it."""
    compound_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        compound: Compound = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Compound(CompoundMethods, BioRecord, HasParents, CanCurate, HasSynonyms, HasAbbr):
    """Chemical compounds."""

    id: int
    ontology_id: str | None
    """Identifier in the public ontology, such as CL:0000084."""
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the compound."""
    type: str | None
    """small_molecule, peptide, ..."""
    chembl_id: str | None
    """ChEMBL identifier, such as CHEMBL25."""
    smiles: str | None
    """Structure as SMILES."""
    canonical_smiles: str | None
    """Structure as canonical SMILES."""
    inchikey: str | None
    """Structure as InChIKey."""
    molweight: float | None
    """Molecular weight in Dalton."""
    molformula: str | None
    """Molecular formula."""
    moa: str | None
    """Mechanism of action."""
    parents: RelatedManager[Compound]
    targets: RelatedManager[PerturbationTarget]
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactCompound]
    children: RelatedManager[Compound]
    compoundperturbation_set: RelatedManager[CompoundPerturbation]

class ArtifactPerturbationTarget(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    perturbationtarget: PerturbationTarget
    """What describes it."""
    perturbationtarget_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        perturbationtarget: PerturbationTarget = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class PerturbationTarget(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """What a perturbation acts on: genes, proteins or pathways."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the target."""
    genes: RelatedManager[Gene]
    pathways: RelatedManager[Pathway]
    proteins: RelatedManager[Protein]
    artifacts: RelatedManager[Artifact]
    compounds: RelatedManager[Compound]
    links_artifact: RelatedManager[ArtifactPerturbationTarget]
    genetic_perturbations: RelatedManager[GeneticPerturbation]
    biologics: RelatedManager[Biologic]
    environmental_perturbations: RelatedManager[EnvironmentalPerturbation]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
    ) -> None: ...

class ArtifactGeneticPerturbation(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    geneticperturbation: GeneticPerturbation
    """What describes it."""
    geneticperturbation_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        geneticperturbation: GeneticPerturbation = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class GeneticPerturbation(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Genetic perturbations, such as a knockout."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the perturbation."""
    type: str | None
    """CRISPR knockout, siRNA, ..."""
    sequence: str | None
    """Sequence of the guide or construct."""
    on_target_score: float | None
    """How likely it acts on the target, 0 to 1."""
    off_target_score: float | None
    """How likely it acts elsewhere, 0 to 1."""
    targets: RelatedManager[PerturbationTarget]
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactGeneticPerturbation]
    combination_perturbations: RelatedManager[CombinationPerturbation]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
        type: str | None = ...,
        sequence: str | None = ...,
        on_target_score: float | None = ...,
        off_target_score: float | None = ...,
    ) -> None: ...

class ArtifactBiologic(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    biologic: Biologic
    """What describes it."""
    biologic_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        biologic: Biologic = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class Biologic(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Biological agents, such as antibodies."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the agent."""
    type: str
    """antibody, cytokine, ..."""
    proteins: RelatedManager[Protein]
    targets: RelatedManager[PerturbationTarget]
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactBiologic]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
        type: str = ...,
    ) -> None: ...

class ArtifactCompoundPerturbation(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    compoundperturbation: CompoundPerturbation
    """What describes it."""
    compoundperturbation_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        compoundperturbation: CompoundPerturbation = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class CompoundPerturbation(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """A compound given at a concentration for a time."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the perturbation."""
    concentration: float | None
    """Concentration."""
    concentration_unit: str | None
    """Unit of the concentration, such as uM."""
    duration: datetime.timedelta | None
    """How long it acted."""
    compound: Compound | None
    """The compound that was given."""
    compound_id: int | None
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactCompoundPerturbation]
    combination_perturbations: RelatedManager[CombinationPerturbation]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
        concentration: float | None = ...,
        concentration_unit: str | None = ...,
        duration: datetime.timedelta | None = ...,
        compound: Compound | None = ...,
    ) -> None: ...

class ArtifactEnvironmentalPerturbation(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    environmentalperturbation: EnvironmentalPerturbation
    """What describes it."""
    environmentalperturbation_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        environmentalperturbation: EnvironmentalPerturbation = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class EnvironmentalPerturbation(BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """A change of the environment, such as heat."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the perturbation."""
    ontology_id: str | None
    """Identifier in a public ontology."""
    value: float | None
    """How much."""
    unit: str | None
    """Unit of the value."""
    duration: datetime.timedelta | None
    """How long it acted."""
    targets: RelatedManager[PerturbationTarget]
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactEnvironmentalPerturbation]
    combination_perturbations: RelatedManager[CombinationPerturbation]
    def __init__(
        self,
        *,
        branch: Branch = ...,
        space: Space = ...,
        abbr: str | None = ...,
        synonyms: str | None = ...,
        description: str | None = ...,
        source: Source | None = ...,
        name: str = ...,
        ontology_id: str | None = ...,
        value: float | None = ...,
        unit: str | None = ...,
        duration: datetime.timedelta | None = ...,
    ) -> None: ...

class ArtifactCombinationPerturbation(BaseSQLRecord, IsLink):
    """A label of a dataset or another object, and the feature whose value it is."""

    id: int
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    artifact: Artifact
    """What is described."""
    artifact_id: int
    combinationperturbation: CombinationPerturbation
    """What describes it."""
    combinationperturbation_id: int
    feature: Feature | None
    """The feature whose value the label is; none for a plain label."""
    feature_id: int | None
    def __init__(
        self,
        *,
        artifact: Artifact = ...,
        combinationperturbation: CombinationPerturbation = ...,
        feature: Feature | None = ...,
    ) -> None: ...

class CombinationPerturbation(CombinationPerturbationMethods, BioRecord, CanCurate, HasSynonyms, HasAbbr):
    """Perturbations that act together."""

    id: int
    branch: Branch
    """The branch on which it lives; the bin (-1) and the archive (0) are branches too."""
    branch_id: int
    created_on: Branch
    """The branch on which it was created."""
    created_on_id: int
    space: Space
    """The space that decides who may see and change it."""
    space_id: int
    is_locked: bool
    """Whether it refuses changes."""
    _aux: Any
    """Fields of the library's own that have no column yet."""
    created_at: datetime.datetime
    """When the row was written first."""
    created_by: User
    """Who created it."""
    created_by_id: int
    run: Run | None
    """The run that created it."""
    run_id: int | None
    updated_at: datetime.datetime
    """When the row was last written."""
    uid: str
    """Identifier, derived from the public identifier where there is one."""
    abbr: str | None
    """Abbreviation."""
    synonyms: str | None
    """Other names, separated by |."""
    description: str | None
    """What it is, in a sentence or more."""
    source: Source | None
    """The release of a public source that it came from."""
    source_id: int | None
    name: str
    """Name of the combination."""
    genetic_perturbations: RelatedManager[GeneticPerturbation]
    compound_perturbations: RelatedManager[CompoundPerturbation]
    environmental_perturbations: RelatedManager[EnvironmentalPerturbation]
    artifacts: RelatedManager[Artifact]
    links_artifact: RelatedManager[ArtifactCombinationPerturbation]
