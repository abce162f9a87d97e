#include "lake/tables.hpp"
#include "db/connection.hpp"

namespace lamin::lake {
namespace {

constexpr std::string_view intent_table = R"(
CREATE TABLE IF NOT EXISTS lamin_intent (
  operation  text   NOT NULL,
  storage_id bigint NOT NULL,
  place      text   NOT NULL,
  kind       text   NOT NULL,
  target     text,
  artifact_uid text,
  artifact_key text,
  owner      text   NOT NULL,
  expires_at bigint NOT NULL,
  reaper     text,
  PRIMARY KEY (operation, place)
))";

constexpr std::string_view content_table = R"(
CREATE TABLE IF NOT EXISTS lamin_content (
  artifact_id bigint NOT NULL PRIMARY KEY,
  hash        text,
  digest      text   NOT NULL,
  size        bigint NOT NULL
))";

constexpr std::string_view file_table = R"(
CREATE TABLE IF NOT EXISTS lamin_file (
  artifact_id bigint NOT NULL,
  path        text   NOT NULL,
  size        bigint NOT NULL,
  digest      text   NOT NULL,
  PRIMARY KEY (artifact_id, path)
))";

}  // namespace

void make_tables(db::Connection& connection) {
  if (connection.table_exists("lamin_file")) return;
  connection.script(intent_table);
  connection.script(content_table);
  connection.script("CREATE INDEX IF NOT EXISTS lamin_content_digest ON lamin_content (digest)");
  connection.script(file_table);
}

}  // namespace lamin::lake
