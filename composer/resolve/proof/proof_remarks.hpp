// What the numbers of certificates, problems and dumps stand for, in words for people.
#pragma once

#include <string>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

class ProofRemarks {
 public:
  ProofRemarks(const Universe& universe, const Goal& goal, const Problem& problem);

  // "nginx 1.22", "a file of nginx and 2 more".
  [[nodiscard]] std::string variable(Variable variable) const;
  // "nginx depends on libc6 (nginx.xml:3)".
  [[nodiscard]] std::string clause(std::size_t index) const;

 private:
  const Universe& universe_;
  const Goal& goal_;
  const Problem& problem_;
  std::vector<std::vector<Variable>> owners_;  // of shared files
};

}  // namespace winnow
