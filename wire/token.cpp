// Tokens: base64url of HMAC-SHA512-256 and what it signs, so that nothing of a token is read before
// its signature has been verified.
#include "wire/token.hpp"

#include <array>
#include <sodium.h>
#include <stdexcept>
#include <vector>

namespace callboard {

namespace {

using bytes = std::vector<unsigned char>;

// What an author id is made from begins with another byte than what is signed as a token, so that
// neither can ever pass for the other.
constexpr unsigned char id_version = 0;
constexpr std::size_t id_bytes = 16;

// What is signed: version, seconds (8 bytes, big-endian), length of the id (1 byte), id, name.
constexpr unsigned char version = 1;
constexpr std::size_t id_at = 10;

// Far above any token of ours; below, whatever a stranger sends costs next to nothing.
constexpr std::size_t longest_token = 2048;

constexpr int base64url = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

/// libsodium chooses its code for this processor once, and must before anything else.
void need_sodium() {
  static const int ready = sodium_init();
  if (ready < 0)
    throw std::runtime_error{"libsodium cannot start: no source of random numbers"};
}

std::string to_base64(const bytes& raw) {
  std::string text(sodium_base64_encoded_len(raw.size(), base64url), '\0');
  sodium_bin2base64(text.data(), text.size(), raw.data(), raw.size(), base64url);
  text.pop_back(); // libsodium counts and writes a NUL.
  return text;
}

/// Nothing for other alphabets, padding and left-over bits: each token has one spelling.
std::optional<bytes> from_base64(std::string_view text) {
  // libsodium 1.0.18 takes bytes above 0x7F for an underscore.
  constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.empty() || text.find_first_not_of(alphabet) != std::string_view::npos)
    return std::nullopt;
  bytes raw(text.size());
  std::size_t size = 0;
  if (sodium_base642bin(raw.data(), raw.size(), text.data(), text.size(), nullptr, &size, nullptr,
                        base64url)
      != 0)
    return std::nullopt;
  raw.resize(size);
  return raw;
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string string_of(const bytes& from, std::size_t begin, std::size_t end) {
  return {from.begin() + static_cast<std::ptrdiff_t>(begin),
          from.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// The claims in `token` behind the signature, which has been verified.
std::optional<token_signer::claims> read_claims(const bytes& token) {
  const bytes body(token.begin() + crypto_auth_BYTES, token.end());
  if (body.size() < id_at || body[0] != version || body.size() < id_at + body[id_at - 1])
    return std::nullopt;
  std::uint64_t issued = 0;
  for (std::size_t i = 1; i < id_at - 1; ++i)
    issued = (issued << 8U) | body[i];
  const auto name_at = id_at + body[id_at - 1];
  return token_signer::claims{
    {string_of(body, id_at, name_at), string_of(body, name_at, body.size())},
    static_cast<std::int64_t>(issued)};
}

} // namespace

std::string random_secret() {
  need_sodium();
  bytes random(crypto_auth_KEYBYTES);
  randombytes_buf(random.data(), random.size());
  return to_base64(random);
}

token_signer::token_signer(std::string_view secret, std::chrono::seconds life)
  : key_(crypto_auth_KEYBYTES, '\0'), life_{life} {
  need_sodium();
  // A hash, so that a secret of any form makes a whole key.
  crypto_generichash(reinterpret_cast<unsigned char*>(key_.data()), key_.size(), raw(secret),
                     secret.size(), nullptr, 0);
}

std::string token_signer::sign(const author& who, std::int64_t now_s) const {
  bytes token(crypto_auth_BYTES);
  token.push_back(version);
  for (int shift = 56; shift >= 0; shift -= 8)
    token.push_back(static_cast<unsigned char>(static_cast<std::uint64_t>(now_s) >> shift));
  token.push_back(static_cast<unsigned char>(who.id.size()));
  token.insert(token.end(), who.id.begin(), who.id.end());
  token.insert(token.end(), who.name.begin(), who.name.end());
  const auto* const body = token.data() + crypto_auth_BYTES;
  crypto_auth(token.data(), body, token.size() - crypto_auth_BYTES, raw(key_));
  return to_base64(token);
}

std::string token_signer::author_id(std::string_view name_key, std::string_view claim) const {
  // Neither part holds a NUL: no other pair makes the same bytes.
  bytes from{id_version};
  from.insert(from.end(), name_key.begin(), name_key.end());
  from.push_back('\0');
  from.insert(from.end(), claim.begin(), claim.end());
  std::array<unsigned char, crypto_auth_BYTES> mark{};
  crypto_auth(mark.data(), from.data(), from.size(), raw(key_));
  std::string id(2 * id_bytes + 1, '\0');
  sodium_bin2hex(id.data(), id.size(), mark.data(), id_bytes);
  id.pop_back(); // libsodium counts and writes a NUL.
  return id;
}

std::optional<token_signer::claims> token_signer::verify(std::string_view token,
                                                         std::int64_t now_s) const {
  if (token.size() > longest_token)
    return std::nullopt;
  const auto raw_token = from_base64(token);
  if (!raw_token || raw_token->size() < crypto_auth_BYTES)
    return std::nullopt;
  const auto* const body = raw_token->data() + crypto_auth_BYTES;
  if (crypto_auth_verify(raw_token->data(), body, raw_token->size() - crypto_auth_BYTES, raw(key_))
      != 0)
    return std::nullopt;
  auto found = read_claims(*raw_token);
  // A token from the future is one of a server whose clock is ahead: it holds.
  if (!found || found->issued_s <= now_s - life_.count())
    return std::nullopt;
  return found;
}

} // namespace callboard
