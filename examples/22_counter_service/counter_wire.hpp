// What the counter service and its clients say to each other: a datagram each way.
//
//   request   'C' 'Q'  operation:1  id:4  amount:4  name:1..64       amount is 0 for a read
//   reply     'C' 'R'               id:4  value:8                    all numbers big-endian
//
// The id ties a reply to its request, and a request sent again is known by it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counter {

enum class operation : std::uint8_t { read = 0, add = 1 };

struct request {
  operation op = operation::read;
  std::uint32_t id = 0;
  std::uint32_t amount = 0;
  std::string name;

  friend bool operator==(const request&, const request&) = default;
};

struct reply {
  std::uint32_t id = 0;
  std::uint64_t value = 0;

  friend bool operator==(const reply&, const reply&) = default;
};

inline constexpr std::size_t max_name = 64;
inline constexpr std::size_t max_datagram = 128;

namespace detail {

template <typename Number>
void put(std::string& out, Number value) {
  for (std::size_t shift = sizeof(Number) * 8; shift != 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> (shift - 8)) & 0xff));
  }
}

template <typename Number>
Number take(std::string_view& in) {
  Number value = 0;
  for (std::size_t n = 0; n != sizeof(Number); ++n) {
    value = static_cast<Number>((value << 8) | static_cast<unsigned char>(in[n]));
  }
  in.remove_prefix(sizeof(Number));
  return value;
}

}  // namespace detail

inline std::string encode(const request& r) {
  std::string out = "CQ";
  out.push_back(static_cast<char>(r.op));
  detail::put(out, r.id);
  detail::put(out, r.amount);
  return out + r.name;
}

inline std::string encode(const reply& r) {
  std::string out = "CR";
  detail::put(out, r.id);
  detail::put(out, r.value);
  return out;
}

// None for what is no request.
inline std::optional<request> decode_request(std::string_view in) {
  if (in.size() < 12 || in.size() > 11 + max_name || !in.starts_with("CQ")) return std::nullopt;
  if (static_cast<unsigned char>(in[2]) > 1) return std::nullopt;
  request r;
  r.op = static_cast<operation>(in[2]);
  in.remove_prefix(3);
  r.id = detail::take<std::uint32_t>(in);
  r.amount = detail::take<std::uint32_t>(in);
  r.name = in;
  if (r.op == operation::read && r.amount != 0) return std::nullopt;
  return r;
}

inline std::optional<reply> decode_reply(std::string_view in) {
  if (in.size() != 14 || !in.starts_with("CR")) return std::nullopt;
  in.remove_prefix(2);
  reply r;
  r.id = detail::take<std::uint32_t>(in);
  r.value = detail::take<std::uint64_t>(in);
  return r;
}

}  // namespace counter
