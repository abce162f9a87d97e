// zarr_meta.cpp -- what the metadata of a zarr array says about its bytes.
#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <limits>
#include "format/zarr_array.hpp"
#include "lamin/error.hpp"

namespace lamin::format::zarr {
namespace {

namespace json = boost::json;
using Kind = Type::Kind;

[[noreturn]] void corrupt(const std::string& where, std::string_view why) {
  throw Error(Code::corrupt, fmt::format("'{}': the zarr metadata is broken: {}.", where, why));
}

[[noreturn]] void unsupported(const std::string& where, std::string_view what) {
  throw Error(Code::unsupported, fmt::format("'{}': {} is not built in.", where, what));
}

std::string_view text_of(const json::object& object, std::string_view key) {
  auto* found = object.if_contains(key);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::vector<std::int64_t> sizes(const json::object& object, std::string_view key, const std::string& where) {
  auto* found = object.if_contains(key);
  if (!found || !found->is_array()) corrupt(where, fmt::format("'{}' is missing", key));
  std::vector<std::int64_t> out;
  for (auto& item : found->get_array()) {
    std::int64_t size = item.is_int64() ? item.get_int64() : -1;
    if (size < 0) corrupt(where, fmt::format("'{}' is not a list of sizes", key));
    out.push_back(size);
  }
  return out;
}

Type parse_v2_type(std::string_view text, bool is_vlen, const std::string& where) {
  if (text.size() < 2) corrupt(where, "'dtype' is missing or of records");
  Type type;
  type.big_endian = text[0] == '>';
  const char kind = text[1];
  if (kind == 'O') {
    if (!is_vlen) unsupported(where, "an array of objects without the filter vlen-utf8");
    type.kind = Kind::text;
    return type;
  }
  std::size_t size = 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), size);
  type.size = kind == 'U' ? size * 4 : size;
  switch (kind) {
    case 'b': type.kind = Kind::boolean; break;
    case 'i': type.kind = Kind::integer; break;
    case 'u': type.kind = Kind::natural; break;
    case 'f': type.kind = Kind::real; break;
    case 'U': type.kind = Kind::wide_text; break;
    case 'S': type.kind = Kind::bytes; break;
    default: unsupported(where, fmt::format("the type '{}'", text));
  }
  return type;
}

Type parse_v3_type(const json::value& value, const std::string& where);

/// [["name", "<f4"], …], of either version.
Type parse_fields(const json::array& fields, const std::string& where) {
  Type type;
  type.kind = Kind::record;
  for (const auto& item : fields) {
    const auto* pair = item.if_array();
    if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_string())
      corrupt(where, "a field of its records has no name");
    if (pair->size() > 2) unsupported(where, "a field of its records with several values");
    const auto& of = (*pair)[1];
    const bool numpy = of.is_string() && !of.get_string().empty() &&
                       std::string_view("<>|").find(of.get_string()[0]) != std::string_view::npos;
    auto field = numpy ? parse_v2_type(of.get_string(), false, where) : parse_v3_type(of, where);
    if (field.size == 0) unsupported(where, "a field of its records without a size");
    type.size += field.size;
    type.fields.emplace_back((*pair)[0].get_string(), std::move(field));
  }
  return type;
}

Type parse_v3_type(const json::value& value, const std::string& where) {
  Type type;
  if (auto* object = value.if_object()) {
    auto name = text_of(*object, "name");
    auto* configuration = object->if_contains("configuration");
    std::int64_t length = 0;
    if (configuration && configuration->is_object()) {
      if (auto* bytes = configuration->get_object().if_contains("length_bytes"); bytes && bytes->is_int64()) {
        length = bytes->get_int64();
      }
      auto* fields = configuration->get_object().if_contains("fields");
      if (fields && fields->is_array()) return parse_fields(fields->get_array(), where);
    }
    if (length <= 0 || (name != "fixed_length_utf32" && name != "null_terminated_bytes")) {
      unsupported(where, fmt::format("the type '{}'", name));
    }
    type.kind = name == "fixed_length_utf32" ? Kind::wide_text : Kind::bytes;
    type.size = static_cast<std::size_t>(length);
    return type;
  }
  if (!value.is_string()) corrupt(where, "'data_type' is missing");
  std::string_view name = value.get_string();
  if (name == "string") {
    type.kind = Kind::text;
    return type;
  }
  if (name == "bool") {
    type.kind = Kind::boolean;
    type.size = 1;
    return type;
  }
  auto numeric = [&](std::string_view prefix, Kind kind) {
    if (!name.starts_with(prefix)) return false;
    std::size_t bits = 0;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), bits);
    type.kind = kind;
    type.size = bits / 8;
    return true;
  };
  if (!numeric("int", Kind::integer) && !numeric("uint", Kind::natural) && !numeric("float", Kind::real)) {
    unsupported(where, fmt::format("the type '{}'", name));
  }
  return type;
}

void check_type(const Type& type, const std::string& where) {
  auto one_of = [&](std::initializer_list<std::size_t> sizes) {
    return std::find(sizes.begin(), sizes.end(), type.size) != sizes.end();
  };
  bool ok = true;
  switch (type.kind) {
    case Kind::boolean: ok = type.size == 1; break;
    case Kind::integer:
    case Kind::natural: ok = one_of({1, 2, 4, 8}); break;
    case Kind::real: ok = one_of({2, 4, 8}); break;
    case Kind::wide_text:
    case Kind::bytes: ok = type.size <= (std::size_t{1} << 20); break;
    case Kind::text: break;
    case Kind::record:
      for (const auto& [name, field] : type.fields) check_type(field, where + ":" + name);
      ok = type.size > 0;
      break;
  }
  if (!ok) unsupported(where, fmt::format("a cell of {} bytes", type.size));
}

Array parse_v2(const json::object& meta, const std::string& where) {
  Array array;
  array.shape = sizes(meta, "shape", where);
  array.chunks = sizes(meta, "chunks", where);
  bool is_vlen = false;
  if (auto* filters = meta.if_contains("filters"); filters && filters->is_array()) {
    for (auto& filter : filters->get_array()) {
      auto id = filter.is_object() ? text_of(filter.get_object(), "id") : "";
      if (id != "vlen-utf8") unsupported(where, fmt::format("the zarr filter '{}'", id));
      is_vlen = true;
    }
  }
  auto* type = meta.if_contains("dtype");
  const auto* fields = type ? type->if_array() : nullptr;
  array.type = fields ? parse_fields(*fields, where) : parse_v2_type(text_of(meta, "dtype"), is_vlen, where);
  array.by_columns = array.shape.size() > 1 && text_of(meta, "order") == "F";
  array.separator = text_of(meta, "dimension_separator") == "/" ? "/" : ".";
  if (auto* compressor = meta.if_contains("compressor"); compressor && compressor->is_object()) {
    array.codecs.emplace_back(text_of(compressor->get_object(), "id"));
  }
  return array;
}

void read_codecs(const json::value& codecs, Array& array, const std::string& where);

/// What the array calls chunks are files of chunks.
void read_sharding(const json::object& options, Array& array, const std::string& where) {
  if (array.shard) unsupported(where, "a shard within a shard");
  if (!array.codecs.empty()) unsupported(where, "a codec around shards");
  Shard shard;
  shard.shape = std::move(array.chunks);
  array.chunks = sizes(options, "chunk_shape", where);
  shard.index_at_start = text_of(options, "index_location") == "start";
  auto* index = options.if_contains("index_codecs");
  if (!index || !index->is_array()) corrupt(where, "'index_codecs' is missing");
  for (auto& codec : index->get_array()) {
    auto name = codec.is_object() ? text_of(codec.get_object(), "name") : "";
    if (name != "bytes" && name != "crc32c") unsupported(where, fmt::format("an index of shards by '{}'", name));
    shard.index_has_checksum = shard.index_has_checksum || name == "crc32c";
  }
  if (shard.shape.size() != array.chunks.size()) corrupt(where, "shards and chunks have different dimensions");
  for (std::size_t i = 0; i < shard.shape.size(); ++i) {
    const bool whole = shard.shape[i] > 0 && array.chunks[i] > 0 && shard.shape[i] % array.chunks[i] == 0;
    if (!whole) corrupt(where, "a shard is no row of chunks");
  }
  array.shard = std::move(shard);
  auto* inner = options.if_contains("codecs");
  read_codecs(inner ? *inner : json::value(), array, where);
}

/// Whether dimensions are stored in the reverse order; false if as they are.
bool is_reversal(const json::object& options, std::size_t rank, const std::string& where) {
  if (rank < 2) return false;
  const auto order = sizes(options, "order", where);
  bool same = order.size() == rank, reverse = same;
  for (std::size_t i = 0; i < order.size(); ++i) {
    same = same && order[i] == static_cast<std::int64_t>(i);
    reverse = reverse && order[i] == static_cast<std::int64_t>(rank - 1 - i);
  }
  if (!same && !reverse) unsupported(where, "a transposition that is no reversal");
  return reverse;
}

void read_codecs(const json::value& codecs, Array& array, const std::string& where) {
  if (!codecs.is_array()) corrupt(where, "'codecs' is missing");
  for (auto& codec : codecs.get_array()) {
    if (!codec.is_object()) corrupt(where, "'codecs' is not a list of objects");
    auto name = text_of(codec.get_object(), "name");
    auto* configuration = codec.get_object().if_contains("configuration");
    const json::object options =
        configuration && configuration->is_object() ? configuration->get_object() : json::object();
    if (name == "vlen-utf8") continue;
    if (name == "transpose") {
      array.by_columns = array.by_columns || is_reversal(options, array.shape.size(), where);
    } else if (name == "bytes") {
      array.type.big_endian = text_of(options, "endian") == "big";
    } else if (name == "sharding_indexed") {
      read_sharding(options, array, where);
    } else {
      array.codecs.emplace_back(name);
    }
  }
}

Array parse_v3(const json::object& meta, const std::string& where) {
  Array array;
  array.shape = sizes(meta, "shape", where);
  auto* grid = meta.if_contains("chunk_grid");
  auto* configuration = grid && grid->is_object() ? grid->get_object().if_contains("configuration") : nullptr;
  if (!configuration || !configuration->is_object()) corrupt(where, "'chunk_grid' is missing");
  array.chunks = sizes(configuration->get_object(), "chunk_shape", where);
  auto* type = meta.if_contains("data_type");
  array.type = parse_v3_type(type ? *type : json::value(), where);
  auto* keys = meta.if_contains("chunk_key_encoding");
  bool old_keys = keys && keys->is_object() && text_of(keys->get_object(), "name") == "v2";
  array.chunk_prefix = old_keys ? "" : "c/";
  auto* key_options = keys && keys->is_object() ? keys->get_object().if_contains("configuration") : nullptr;
  const auto separator = key_options && key_options->is_object() ? text_of(key_options->get_object(), "separator") : "";
  array.separator = separator.empty() ? (old_keys ? "." : "/") : std::string(separator);
  if (array.separator == "." && !old_keys) array.chunk_prefix = "c.";
  auto* codecs = meta.if_contains("codecs");
  read_codecs(codecs ? *codecs : json::value(), array, where);
  std::reverse(array.codecs.begin(), array.codecs.end());
  return array;
}

}  // namespace

Array parse_array(const json::object& meta, const std::string& where) {
  auto* version = meta.if_contains("zarr_format");
  bool v3 = version && version->is_int64() && version->get_int64() == 3;
  Array array = v3 ? parse_v3(meta, where) : parse_v2(meta, where);
  check_type(array.type, where);
  if (array.shape.size() != array.chunks.size()) corrupt(where, "shape and chunks have different lengths");
  for (auto chunk : array.chunks) {
    if (chunk == 0 || chunk > std::numeric_limits<std::int32_t>::max()) corrupt(where, "a chunk has no usable size");
  }
  if (array.shape.empty()) {  // a scalar is a list of one, in a file without a number
    array.is_scalar = true;
    array.chunk_prefix = v3 && array.chunk_prefix.starts_with("c") ? "c" : "0";
  }
  constexpr std::size_t most_codecs = 16;
  if (array.codecs.size() > most_codecs) corrupt(where, "a chunk has too many codecs");
  if (auto* fill = meta.if_contains("fill_value")) array.fill = *fill;
  return array;
}

}  // namespace lamin::format::zarr
