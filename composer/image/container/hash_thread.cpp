#include "image/container/hash_thread.hpp"

namespace winnow {

namespace {
constexpr std::size_t kMaxWaiting = 16;  // chunks
}

HashThread::HashThread() : queue_(kMaxWaiting) {
  digest_ = std::async(std::launch::async, [this] {
    Sha256 hash;
    while (const auto chunk = queue_.pop()) hash.update(**chunk);
    return hash.finish();
  });
}

HashThread::~HashThread() { queue_.close(); }  // the future's destructor waits for the thread

Digest HashThread::finish() {
  queue_.close();
  return digest_.get();
}

}  // namespace winnow
