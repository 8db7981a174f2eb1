// Integers of any length, by the way one learns at school: what exact sums are compared with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace health {

class LongInteger {
 public:
  LongInteger() = default;
  explicit LongInteger(std::uint64_t value) {
    for (; value != 0; value >>= 16) digits_.push_back(static_cast<std::uint16_t>(value));
  }

  friend LongInteger operator+(const LongInteger& a, const LongInteger& b) {
    LongInteger sum;
    std::uint32_t carry = 0;
    for (std::size_t i = 0; i < std::max(a.digits_.size(), b.digits_.size()) || carry != 0; ++i) {
      carry += a.digit(i) + b.digit(i);
      sum.digits_.push_back(static_cast<std::uint16_t>(carry));
      carry >>= 16;
    }
    return sum.trimmed();
  }
  friend LongInteger operator-(const LongInteger& a, const LongInteger& b) {  // b <= a
    LongInteger difference;
    std::int32_t borrow = 0;
    for (std::size_t i = 0; i < a.digits_.size(); ++i) {
      std::int32_t digit = static_cast<std::int32_t>(a.digit(i)) - static_cast<std::int32_t>(b.digit(i)) - borrow;
      borrow = digit < 0 ? 1 : 0;
      digit += borrow * 65536;
      difference.digits_.push_back(static_cast<std::uint16_t>(digit));
    }
    return difference.trimmed();
  }
  friend LongInteger operator*(const LongInteger& a, const LongInteger& b) {
    LongInteger product;
    product.digits_.assign(a.digits_.size() + b.digits_.size(), 0);
    for (std::size_t i = 0; i < a.digits_.size(); ++i) {
      std::uint32_t carry = 0;
      for (std::size_t k = 0; k < b.digits_.size(); ++k) {
        carry += a.digits_[i] * std::uint32_t{b.digits_[k]} + product.digits_[i + k];
        product.digits_[i + k] = static_cast<std::uint16_t>(carry);
        carry >>= 16;
      }
      product.digits_[i + b.digits_.size()] = static_cast<std::uint16_t>(carry);
    }
    return product.trimmed();
  }
  LongInteger shifted(int bits) const {  // times 2^bits
    LongInteger result = *this * LongInteger(std::uint64_t{1} << bits % 16);
    result.digits_.insert(result.digits_.begin(), static_cast<std::size_t>(bits / 16), 0);
    return result.trimmed();
  }
  bool operator==(const LongInteger& other) const { return digits_ == other.digits_; }
  friend bool operator<(const LongInteger& a, const LongInteger& b) {
    if (a.digits_.size() != b.digits_.size()) return a.digits_.size() < b.digits_.size();
    return std::lexicographical_compare(a.digits_.rbegin(), a.digits_.rend(), b.digits_.rbegin(), b.digits_.rend());
  }

 private:
  std::uint32_t digit(std::size_t i) const { return i < digits_.size() ? digits_[i] : 0; }
  LongInteger trimmed() {
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
    return std::move(*this);
  }
  std::vector<std::uint16_t> digits_;  // least first, no leading zero
};

}  // namespace health
