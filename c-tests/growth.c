/* Structures that carry their size: a host that was compiled with an older header, or with a newer one, is understood. */
#include "host.h"
#include "python.h"

/* What the first version of each structure had, which a host will always be able to give. */
enum { FIRST_CONFIG = 48, FIRST_SPEC = 56, FIRST_PAYLOAD = 24, FIRST_FRAME = 24 };

/* What a host of the future may have more. */
enum { MORE = 64 };

/* A structure in memory of its own that is `size` bytes long, so that valgrind sees who looks beyond: `known` bytes of
   `from`, then what no library of today knows. */
static void *sized(const void *from, size_t known, size_t size) {
  unsigned char *memory = (unsigned char *)malloc(size);
  if (memory == NULL) exit(EXIT_FAILURE);
  memset(memory, 0xa5, size);
  memcpy(memory, from, known < size ? known : size);
  return memory;
}

static int dropped;

static void configs(void) {
  static const size_t sizes[] = {FIRST_CONFIG, FIRST_CONFIG + 4, sizeof(execmon_config), sizeof(execmon_config) + MORE};
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    execmon_config config, *given;
    memset(&config, 0, sizeof config);
    config.size = sizes[i], config.recursion_limit = 77;
    config.write = write_down, config.user = &dropped, config.drop = count_drop;
    given = (execmon_config *)sized(&config, sizeof config, sizes[i]);
    dropped = 0, written_length = 0;
    OK(execmon_interp_new(given, &py, &err));
    free(given);
    REPR(eval("__import__('sys').getrecursionlimit()"), "77");
    if (sizes[i] < sizeof config) OK(execmon_set_output(py, write_down, NULL, NULL, &err));
    OK(run("print('heard')"));
    CHECK_TEXT(written, "heard\n");
    end();
    CHECK_INT(dropped, sizes[i] >= sizeof config ? 1 : 0);
  }
  {
    execmon_config config;
    memset(&config, 0, sizeof config);
    config.size = FIRST_CONFIG - 1;
    FAILS(EXECMON_STATUS_VALUE, "the config has size 47", execmon_interp_new(&config, &py, &err));
  }
}

static void specs(void) {
  static const size_t sizes[] = {FIRST_SPEC, FIRST_SPEC + 12, sizeof(execmon_code_spec),
                                 sizeof(execmon_code_spec) + MORE};
  OK(execmon_monitor_new(&monitor, &err));
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    execmon_code_spec spec = a_spec(), *given;
    void *host = NULL;
    spec.size = sizes[i], spec.host = &dropped, spec.drop = count_drop;
    given = (execmon_code_spec *)sized(&spec, sizeof spec, sizes[i]);
    dropped = 0;
    OK(execmon_register_code(monitor, given, &code, &err));
    free(given);
    CHECK_TEXT(execmon_code_qualified_name(code), "C.f");
    OK(execmon_code_host(code, &host, &err));
    CHECK(host == (sizes[i] >= FIRST_SPEC + 8 ? &dropped : NULL));
    GIVES(EXECMON_OK, execmon_code_release(code));
    CHECK_INT(dropped, sizes[i] >= sizeof spec ? 1 : 0);
  }
  GIVES(EXECMON_OK, execmon_monitor_free(monitor));
}

static void payloads(void) {
  static const size_t sizes[] = {FIRST_PAYLOAD, FIRST_PAYLOAD + 7, sizeof(execmon_payload),
                                 sizeof(execmon_payload) + MORE};
  int callable, first, result;
  start();
  watch(2, EXECMON_EVENT_CALL | EXECMON_EVENT_C_RETURN | EXECMON_EVENT_C_RAISE, NULL);
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    execmon_payload payload, *given;
    uint8_t follow = 0;
    memset(&payload, 0, sizeof payload);
    payload.size = (uint32_t)sizes[i], payload.destination = EXECMON_NO_LOCATION;
    payload.callable = &callable, payload.arg0 = &first, payload.value = &result;
    given = (execmon_payload *)sized(&payload, sizeof payload, sizes[i]);
    seen_count = 0;
    OK(execmon_deliver_call(thread, code, AT_CALL, given, &follow, &err));
    OK(execmon_deliver_return(thread, code, AT_CALL, EXECMON_EVENT_C_RETURN, given, follow, &err));
    free(given);
    CHECK_INT(seen_count, 2);
    CHECK(seen[1].callable == &callable && seen[1].arg0 == &first);
    CHECK(seen[1].value == (sizes[i] >= sizeof payload ? &result : NULL));
    CHECK_INT(seen[1].size, sizeof(execmon_event));
  }
  stop();
}

static execmon_action look(const execmon_event *event, void *user) {
  static const size_t sizes[] = {FIRST_FRAME, sizeof(execmon_frame), sizeof(execmon_frame) + MORE};
  (void)user;
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    execmon_frame frame, *given;
    unsigned char *bytes;
    memset(&frame, 0, sizeof frame);
    frame.size = sizes[i];
    given = (execmon_frame *)sized(&frame, sizeof frame, sizes[i]);
    bytes = (unsigned char *)given;
    OK(execmon_frame_get(py, 0, given, &err));
    CHECK_INT(given->size, sizes[i] < sizeof frame ? sizes[i] : sizeof frame);
    CHECK_INT(given->line, event->line);
    CHECK(given->code == event->code);
    for (size_t at = sizeof frame; at < sizes[i]; at++) CHECK_INT(bytes[at], 0xa5);
    free(given);
  }
  return EXECMON_DISABLE;
}

static void frames(void) {
  begin();
  execmon_monitor *of_python = execmon_interp_monitor(py);
  OK(execmon_use_tool_id(of_python, 0, "look", &err));
  OK(execmon_register_callback(of_python, 0, EXECMON_EVENT_LINE, look, NULL, NULL, &err));
  OK(execmon_set_events(of_python, 0, EXECMON_EVENT_LINE, &err));
  OK(run("x = 1\ny = 2\n"));
  end();
}

/* The arrays of the header must be aligned; places for results need not be. */
static void alignment(void) {
  char memory[sizeof(execmon_value *) * 4] = {0};
  execmon_value *tuple = NULL, **place = (execmon_value **)(void *)(memory + 1);
  begin();
  OK(execmon_make_none(py, place, &err));
  memcpy(&tuple, memory + 1, sizeof tuple);
  GIVES(EXECMON_OK, execmon_value_release(tuple));
  FAILS(EXECMON_STATUS_VALUE, "is not aligned", execmon_make_tuple(py, place, 1, &tuple, &err));
  FAILS(EXECMON_STATUS_VALUE, "is not aligned",
        execmon_run_file(py, "x.py", 1, (const char *const *)(void *)(memory + 1), &err));
  end();
}

int main(void) {
  RUN(configs);
  RUN(specs);
  RUN(payloads);
  RUN(frames);
  RUN(alignment);
  return finish();
}
