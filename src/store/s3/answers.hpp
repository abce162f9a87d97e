// answers.hpp -- what S3 servers answer in XML.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "store/bucket.hpp"

namespace lamin::store {

/// Whether the root element of an XML document is closed; true for text that is not XML.
bool is_whole_document(std::string_view body);

struct S3Failure {
  std::string code = {}, message = {}, region = {};
};
/// Empty if the text is none.
S3Failure error_of(const std::string& body);

struct ListPage {
  std::vector<ObjectInfo> objects;
  std::string next = {};  ///< token of the next page; empty: this is the last
};
/// Throws unavailable for something else.
ListPage list_page(const std::string& body);
/// (key, upload id)
std::vector<std::pair<std::string, std::string>> unfinished_uploads(const std::string& body);
std::string upload_id(const std::string& body);
std::string completed_etag(const std::string& body);  ///< of an upload in parts that was finished
std::string unquoted(std::string etag);

struct UploadedPart {
  std::string etag = {};
  std::string checksum = {};  ///< empty where the upload has none
};
/// Of parts 1, 2, ...
std::string completion(const std::vector<UploadedPart>& parts);

struct PartPage {
  std::vector<std::pair<std::size_t, std::string>> etags;  ///< with the numbers of their parts, from 1
  std::string next = {};                                   ///< marker of the next page; empty: this is the last
};
/// Throws unavailable for something else.
PartPage part_page(const std::string& body);

std::string deletion(std::span<const std::string> keys);

}  // namespace lamin::store
