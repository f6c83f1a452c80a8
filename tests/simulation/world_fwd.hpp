// The parts of a world know each other by this.
#pragma once

namespace callboard::simulation {

class world;

} // namespace callboard::simulation
