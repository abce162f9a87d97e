// lamindb_postgres.hpp -- what a PostgreSQL database itself enforces: types are types, types form no cycle, a
// single-space type stays in its space, and a feature remembers its former names.
//
// Names, effects and messages are LaminDB's, because both programs open each other's databases. `comment` is the mark
// by which LaminDB sees that a trigger is up to date. On SQLite the library enforces the same (lake/).
#pragma once
#include "modules/links.hpp"

namespace lamin::modules {

using schema::Function;
using schema::Trigger;

/// is_valid_feature_type(...): whether the row that `type_id` names is a type.
template <Name noun>
constexpr Function type_is_type() {
  constexpr auto argument = noun + "_type_id";
  constexpr auto body = "BEGIN\n  RETURN " + argument + " IS NULL OR coalesce((SELECT t.is_type FROM lamindb_" + noun +
                        " t WHERE t.id = " + argument + "), false);\nEND";
  return {.signature = text<"is_valid_" + noun + "_type(" + argument + " integer) RETURNS boolean">(),
          .body = text<body>()};
}

/// Refuses a type that is the row itself or one of its descendants, or that is in another space than a single-space
/// type allows (`_aux.ss`: '1' for the type's own space, otherwise the uid of a space).
template <Name noun, Name hash, Name kind_of_type = "single-space">
constexpr Function no_type_cycle() {
  constexpr auto body = R"(DECLARE
  policy text; type_space integer; required_space integer; up integer := NEW.type_id; steps integer := 0;
BEGIN
  IF _pgtrigger_should_ignore(TG_NAME) THEN RETURN NEW; END IF;
  SELECT t._aux->>'ss', t.space_id INTO policy, type_space FROM lamindb_)" +
                        noun + R"( t WHERE t.id = NEW.type_id;
  IF policy IS NOT NULL THEN
    required_space := CASE WHEN policy = '1' THEN type_space
                           ELSE (SELECT s.id FROM lamindb_space s WHERE s.uid = policy) END;
    IF required_space IS DISTINCT FROM NEW.space_id THEN
      RAISE EXCEPTION 'Cannot set type: )" +
                        noun + " space must match " + kind_of_type + R"( type space';
    END IF;
  END IF;
  IF NEW.type_id = NEW.id THEN RAISE EXCEPTION 'Cannot set type: )" +
                        noun + R"( cannot be its own type'; END IF;
  WHILE up IS NOT NULL AND steps < 100 LOOP
    SELECT t.type_id INTO up FROM lamindb_)" +
                        noun + R"( t WHERE t.id = up;
    IF up = NEW.id THEN RAISE EXCEPTION 'Cannot set type: would create a cycle'; END IF;
    steps := steps + 1;
  END LOOP;
  RETURN NEW;
END)";
  return {.signature = text<"pgtrigger_prevent_" + noun + "_type_cycle_" + hash + "() RETURNS trigger">(),
          .body = text<body>()};
}

constexpr std::vector<Function> core_functions() {
  return {
      {.signature = "_pgtrigger_should_ignore(trigger_name name) RETURNS boolean",
       .body = R"(DECLARE listed text := current_setting('pgtrigger.ignore', true);
BEGIN
  RETURN coalesce(listed, '') <> '' AND trigger_name::text = ANY (listed::text[]);
EXCEPTION WHEN OTHERS THEN RETURN false;   -- not an array literal
END)"},
      type_is_type<"feature">(),
      type_is_type<"project">(),
      type_is_type<"reference">(),
      type_is_type<"schema">(),
      type_is_type<"ulabel">(),
      // A sheet, which is a type with a schema, has no types below it.
      {.signature = "is_valid_record_type(record_type_id integer, record_is_type boolean) RETURNS boolean",
       .body = R"(BEGIN
  RETURN record_type_id IS NULL OR coalesce(
    (SELECT t.is_type AND (NOT coalesce(record_is_type, false) OR t.schema_id IS NULL)
       FROM lamindb_record t WHERE t.id = record_type_id), false);
END)"},
      no_type_cycle<"feature", "04c90">(),
      no_type_cycle<"project", "e2567">(),
      no_type_cycle<"record", "56c18", "locked">(),
      no_type_cycle<"reference", "3d37c">(),
      no_type_cycle<"schema", "b403c">(),
      no_type_cycle<"ulabel", "863ae">(),
      {.signature = "pgtrigger_update_feature_on_name_change_6c32d() RETURNS trigger", .body = R"(DECLARE
  stamp text := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
  history jsonb;
BEGIN
  IF _pgtrigger_should_ignore(TG_NAME) OR NEW.name IS NOT DISTINCT FROM OLD.name THEN RETURN NEW; END IF;
  IF coalesce(NEW.synonyms, '') = '' THEN NEW.synonyms := OLD.name;
  ELSIF strpos(NEW.synonyms, OLD.name) = 0 THEN NEW.synonyms := NEW.synonyms || '|' || OLD.name;
  END IF;
  history := coalesce((OLD._aux->>'renamed')::jsonb, '{}'::jsonb) || jsonb_build_object(stamp, OLD.name);
  -- A JSON null, the column's default, counts as an empty object.
  NEW._aux := CASE WHEN jsonb_typeof(NEW._aux) = 'object' THEN NEW._aux ELSE '{}'::jsonb END
              || jsonb_build_object('renamed', history);
  RETURN NEW;
END)"},
  };
}

template <Name noun, Name hash>
constexpr Trigger type_cycle_trigger(Text on, Text comment) {
  return {.name = text<"pgtrigger_prevent_" + noun + "_type_cycle_" + hash>(),
          .on = on,
          .event = "BEFORE INSERT OR UPDATE",
          .when = "NEW.type_id IS NOT NULL",
          .comment = comment};
}

constexpr std::vector<Trigger> core_triggers() {
  return {
      type_cycle_trigger<"feature", "04c90">("Feature", "be9a630e2ee899846cfe5fcabd64234be4e301db"),
      type_cycle_trigger<"project", "e2567">("Project", "b5b62fdec9b222bc152c2b9937a2676fb653696f"),
      type_cycle_trigger<"record", "56c18">("Record", "4f692c1cc71b0554090ffd4642811a52c6b9941e"),
      type_cycle_trigger<"reference", "3d37c">("Reference", "94bc5e7968664022914905d7390a6935b66b3402"),
      type_cycle_trigger<"schema", "b403c">("Schema", "7f860952cef18f2151e46d0120b5aafdebdbd2be"),
      type_cycle_trigger<"ulabel", "863ae">("ULabel", "13b2acbebf74a7e04a66723a353d1ab7a2c4c1ad"),
      {.name = "pgtrigger_update_feature_on_name_change_6c32d",
       .on = "Feature",
       .event = "BEFORE UPDATE",
       .when = "OLD.name IS DISTINCT FROM NEW.name",
       .comment = "5f2e7a65e42c34b0455f0840def52f078726e401"},
  };
}

}  // namespace lamin::modules
