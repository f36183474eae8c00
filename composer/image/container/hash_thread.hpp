// SHA-256 of a stream on a thread of its own, so that hashing costs the one who makes the stream nothing.
#pragma once

#include <future>

#include "base/digest.hpp"
#include "image/container/bounded_queue.hpp"
#include "image/container/byte_sink.hpp"

namespace winnow {

class HashThread {
 public:
  HashThread();
  ~HashThread();
  HashThread(const HashThread&) = delete;
  HashThread& operator=(const HashThread&) = delete;

  void add(Chunk chunk) { queue_.push(std::move(chunk)); }
  // Of all chunks added. Called once; nothing may be added afterwards.
  [[nodiscard]] Digest finish();

 private:
  BoundedQueue<Chunk> queue_;
  std::future<Digest> digest_;
};

}  // namespace winnow
