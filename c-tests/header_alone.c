/* The header needs nothing before it, may come twice, and its fire points may too. */
#include <execmon.h>
#include <execmon.h>
#include <execmon_fire.h>

#if EXECMON_VERSION_NUMBER == 0
#error "no version"
#endif

int main(void) {
  execmon_payload payload = execmon_fire_payload(0, &EXECMON_MISSING, 0);
  return payload.size == sizeof payload && EXECMON_DISABLE == 1 && EXECMON_CONTINUE == 0 ? 0 : 1;
}
