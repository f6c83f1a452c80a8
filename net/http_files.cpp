// A path with a hash in it is kept for a year; `/` is asked for each time, and costs a 304.
#include "net/http_files.hpp"

#include "domain/fingerprint.hpp"
#include "net/list_field.hpp"

#include <utility>

namespace callboard {

namespace {

std::string fields_of(const served_file& file, const file_form& form) {
  std::string fields = "ETag: " + form.etag + "\r\nCache-Control: ";
  fields += file.immutable ? "public, max-age=31536000, immutable" : "no-cache";
  fields += "\r\n";
  if (file.forms.size() > 1)
    fields += "Vary: Accept-Encoding\r\n";
  return fields;
}

void add_form(served_file& file, content_coding coding, const std::string& bytes) {
  if (bytes.empty() && coding != content_coding::identity)
    return;
  file.forms.push_back(
    {coding, std::make_shared<const std::string>(bytes), "\"" + fingerprint(bytes) + "\""});
}

} // namespace

std::vector<served_file> files_of(const server_settings& settings) {
  std::vector<served_file> files;
  for (const auto& one : settings.files) {
    served_file file{one.path, one.type, one.immutable, {}};
    add_form(file, content_coding::brotli, one.brotli);
    add_form(file, content_coding::gzip, one.gzip);
    add_form(file, content_coding::identity, one.bytes);
    files.push_back(std::move(file));
  }
  return files;
}

http_answer file_answer(const served_file& file, std::optional<std::string_view> accept_encoding,
                        std::string_view if_none_match) {
  std::vector<content_coding> offered;
  for (const auto& form : file.forms)
    offered.push_back(form.coding);
  const auto coding = choose_coding(accept_encoding, offered);
  if (!coding) {
    auto refusal = plain_answer(406, "this is sent as br, gzip or identity, of which"
                                     " Accept-Encoding takes none");
    refusal.fields += "Vary: Accept-Encoding\r\n";
    return refusal;
  }
  for (const auto& form : file.forms) {
    if (form.coding != *coding)
      continue;
    http_answer answer;
    answer.type = file.type;
    answer.fields = fields_of(file, form);
    if (trimmed(if_none_match) == "*" || lists(if_none_match, form.etag)
        || lists(if_none_match, "W/" + form.etag)) { // A proxy that compresses makes it weak.
      answer.status = 304;
      return answer;
    }
    if (*coding != content_coding::identity)
      answer.fields += "Content-Encoding: " + std::string{name_of(*coding)} + "\r\n";
    answer.body = form.bytes;
    return answer;
  }
  return plain_answer(404, "there is nothing here"); // Not reached: the choice was among these.
}

http_answer fresh_answer(const static_file& file) {
  http_answer answer;
  answer.fields = "Cache-Control: no-store\r\n";
  answer.type = file.type;
  answer.body = std::make_shared<const std::string>(file.bytes);
  return answer;
}

} // namespace callboard
