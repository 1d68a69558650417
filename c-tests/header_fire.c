/* The header of fire points alone brings what it needs. */
#include <execmon_fire.h>

int main(void) { return execmon_fire_payload(0, 0, 0).destination == EXECMON_NO_LOCATION ? 0 : 1; }
