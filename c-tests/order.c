/* Handles may be freed in any order: every permutation of monitor, two code objects, thread state and an error. */
#include "host.h"

enum { HANDLES = 5 };

static execmon_code *second;
static execmon_error *error;
static int dropped;

static execmon_status free_one(int which) {
  switch (which) {
    case 0: return execmon_monitor_free(monitor);
    case 1: return execmon_code_release(code);
    case 2: return execmon_code_release(second);
    case 3: return execmon_thread_free(thread);
    default: return execmon_error_free(error);
  }
}

static int is_live(int which) {
  int64_t events;
  int32_t inside;
  switch (which) {
    case 0: return execmon_get_events(monitor, 0, &events, NULL) == EXECMON_OK;
    case 1: return execmon_code_name(code) != NULL;
    case 2: return execmon_code_name(second) != NULL;
    case 3: return execmon_thread_in_callback(thread, &inside, NULL) == EXECMON_OK;
    default: return execmon_error_message(error) != NULL;
  }
}

static void permute(int *order, int from, int *permutations, void (*with)(const int *)) {
  if (from == HANDLES) {
    with(order);
    ++*permutations;
    return;
  }
  for (int i = from; i < HANDLES; i++) {
    int kept = order[from];
    order[from] = order[i], order[i] = kept;
    permute(order, from + 1, permutations, with);
    kept = order[from], order[from] = order[i], order[i] = kept;
  }
}

static void in_this_order(const int *order) {
  int freed[HANDLES] = {0};
  dropped = 0;
  start();
  second = register_one(monitor);
  watch(0, EXECMON_EVENT_LINE, NULL);
  OK(execmon_register_callback(monitor, 0, EXECMON_EVENT_LINE, see, NULL, NULL, &err));
  OK(execmon_register_callback(monitor, 1, EXECMON_EVENT_LINE, see, &dropped, count_drop, &err));
  GIVES(EXECMON_STATUS_VALUE, execmon_set_events(monitor, 99, 0, &error));
  for (int i = 0; i < HANDLES; i++) {
    GIVES(EXECMON_OK, free_one(order[i]));
    freed[order[i]] = 1;
    GIVES(EXECMON_STATUS_HANDLE, free_one(order[i]));
    for (int j = 0; j < HANDLES; j++) CHECK_INT(is_live(j), !freed[j]);
    CHECK_INT(dropped, freed[0]);
    if (!freed[1] && !freed[3]) {
      seen_count = 0;
      OK(execmon_deliver(thread, code, AT_LINE_2, EXECMON_EVENT_LINE, NULL, &err));
      CHECK_INT(seen_count, !freed[0]);
    }
  }
}

static void every_order(void) {
  int order[HANDLES] = {0, 1, 2, 3, 4}, permutations = 0;
  permute(order, 0, &permutations, in_this_order);
  CHECK_INT(permutations, 120);
}

static void while_it_runs(const int *order) {
  dropped = 0;
  start();
  second = register_one(monitor);
  GIVES(EXECMON_STATUS_VALUE, execmon_set_events(monitor, 99, 0, &error));
  OK(execmon_enter(thread, code, &err));
  OK(execmon_enter(thread, second, &err));
  for (int i = 0; i < HANDLES; i++) GIVES(EXECMON_OK, free_one(order[i]));
  for (int i = 0; i < HANDLES; i++) GIVES(EXECMON_STATUS_HANDLE, free_one(order[i]));
}

static void every_order_with_open_scopes(void) {
  int order[HANDLES] = {0, 1, 2, 3, 4}, permutations = 0;
  permute(order, 0, &permutations, while_it_runs);
  CHECK_INT(permutations, 120);
}

int main(void) {
  RUN(every_order);
  RUN(every_order_with_open_scopes);
  return finish();
}
