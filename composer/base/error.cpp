#include "base/error.hpp"

#include <utility>

namespace winnow {

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line != 0) text += ":" + std::to_string(place.line);
  if (place.line != 0 && place.column != 0) text += ":" + std::to_string(place.column);
  return text;
}

std::string to_string(const Error& error) {
  std::string text;
  for (const Fault& fault : error.faults()) {
    if (!text.empty()) text += '\n';
    const std::string place = to_string(fault.place);
    if (!place.empty()) text += place + ": ";
    text += fault.message;
    for (const std::string& note : fault.notes) text += "\n  note: " + note;
  }
  return text;
}

Error Error::with_note(const std::string& note) && {
  for (Fault& fault : faults_) fault.notes.push_back(note);
  return std::move(*this);
}

Error Error::in_file(const std::string& file) && {
  for (Fault& fault : faults_) {
    if (fault.place.file.empty()) fault.place.file = file;
  }
  return std::move(*this);
}

void Diagnostics::add(Place place, std::string message, std::vector<std::string> notes) {
  faults_.push_back({std::move(place), std::move(message), std::move(notes)});
}

void Diagnostics::add(const Error& error) {
  faults_.insert(faults_.end(), error.faults().begin(), error.faults().end());
}

}  // namespace winnow
