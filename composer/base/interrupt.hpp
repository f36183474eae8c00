// SIGINT and SIGTERM as a flag: long steps look at it and return an error, so that every unfinished output is cleaned
// up on the ordinary way out.
#pragma once

namespace winnow {

// Sets the flag from now on instead of ending the process; a reader that goes away (SIGPIPE) becomes an error of the
// write. Called once, by the command line.
void catch_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace winnow
