#include "store/s3/answers.hpp"
#include <fmt/format.h>
#include <algorithm>
#include <pugixml.hpp>
#include "base/percent_decode.hpp"
#include "lamin/error.hpp"

namespace lamin::store {
namespace {

/// Of documents with and without a namespace prefix, the root element called `name`.
pugi::xml_node root_of(pugi::xml_document& document, const std::string& body, const char* name) {
  if (!document.load_buffer(body.data(), body.size())) return {};
  return document.child(name);
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) < ' ') result += fmt::format("&#{};", static_cast<int>(c));
        else result += c;
    }
  }
  return result;
}

[[noreturn]] void no_list(const std::string& body) {
  throw Error(Code::unavailable, fmt::format("The server answers a listing with something else: '{}'. Is it an S3 "
                                             "server?",
                                             body.substr(0, 200)));
}

}  // namespace

bool is_whole_document(std::string_view body) {
  auto at = body.find('<');
  const auto is_before_root = [&] { return body.substr(at).starts_with("<?") || body.substr(at).starts_with("<!"); };
  while (at != body.npos && is_before_root()) at = body.find('<', at + 1);
  if (at == body.npos) return !body.starts_with('<');
  const auto name = body.substr(at + 1, body.find_first_of(" \t\r\n/>", at) - at - 1);
  const auto end = body.find_last_not_of(" \t\r\n");
  const auto text = body.substr(at, end - at + 1);
  const bool is_empty = text.ends_with("/>") && text.find('<', 1) == text.npos;
  return is_empty || text.ends_with(fmt::format("</{}>", name));
}

S3Failure error_of(const std::string& body) {
  pugi::xml_document document;
  const auto root = root_of(document, body, "Error");
  std::string message = root.child_value("Message");
  while (message.ends_with('.')) message.pop_back();
  return {root.child_value("Code"), std::move(message), root.child_value("Region")};
}

std::string unquoted(std::string etag) {
  std::erase(etag, '"');
  return etag;
}

ListPage list_page(const std::string& body) {
  pugi::xml_document document;
  const auto root = root_of(document, body, "ListBucketResult");
  if (!root) no_list(body);
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  ListPage page;
  for (const auto& object : root.children("Contents")) {
    std::string key = object.child_value("Key");
    if (encoded) {
      std::ranges::replace(key, '+', ' ');  // some servers encode as forms do; a plus itself is %2B
      key = base::percent_decoded(key);
    }
    page.objects.push_back(
        {std::move(key), object.child("Size").text().as_llong(), unquoted(object.child_value("ETag"))});
  }
  if (root.child("IsTruncated").text().as_bool()) page.next = root.child_value("NextContinuationToken");
  return page;
}

std::vector<std::pair<std::string, std::string>> unfinished_uploads(const std::string& body) {
  pugi::xml_document document;
  const auto root = root_of(document, body, "ListMultipartUploadsResult");
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& upload : root.children("Upload")) {
    std::string key = upload.child_value("Key");
    found.emplace_back(encoded ? base::percent_decoded(key) : key, upload.child_value("UploadId"));
  }
  return found;
}

std::string upload_id(const std::string& body) {
  pugi::xml_document document;
  return root_of(document, body, "InitiateMultipartUploadResult").child_value("UploadId");
}

std::string completed_etag(const std::string& body) {
  pugi::xml_document document;
  return unquoted(root_of(document, body, "CompleteMultipartUploadResult").child_value("ETag"));
}

std::string completion(const std::vector<UploadedPart>& parts) {
  std::string text = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>\"{}\"</ETag>", i + 1, escaped(parts[i].etag));
    if (!parts[i].checksum.empty()) text += fmt::format("<ChecksumCRC32>{}</ChecksumCRC32>", parts[i].checksum);
    text += "</Part>";
  }
  return text + "</CompleteMultipartUpload>";
}

PartPage part_page(const std::string& body) {
  pugi::xml_document document;
  const auto root = root_of(document, body, "ListPartsResult");
  if (!root) no_list(body);
  PartPage page;
  for (const auto& part : root.children("Part")) {
    page.etags.emplace_back(part.child("PartNumber").text().as_uint(), unquoted(part.child_value("ETag")));
  }
  if (root.child("IsTruncated").text().as_bool()) page.next = root.child_value("NextPartNumberMarker");
  return page;
}

std::string deletion(std::span<const std::string> keys) {
  std::string text = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>";
  for (const auto& key : keys) text += fmt::format("<Object><Key>{}</Key></Object>", escaped(key));
  return text + "</Delete>";
}

}  // namespace lamin::store
