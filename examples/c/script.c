/*
 * A game that is scripted in Python: the host gives the script functions and tables, calls its functions with values,
 * walks through what they return, and raises and catches exceptions on both sides.
 *
 *   script
 */
#include <execmon.h>

#include <stdio.h>
#include <stdlib.h>

static const char source[] =
    "import game\n"
    "\n"
    "rules = {'lives': 3, 'speed': 1.5, 'names': ('ada', 'grace')}\n"
    "\n"
    "def spawn(kind, *, x=0, y=0):\n"
    "    unit = {'kind': kind, 'at': (x, y), 'id': game.new_id()}\n"
    "    game.log(f'spawned {kind} at {x},{y}')\n"
    "    return unit\n"
    "\n"
    "def upgrade(units, by):\n"
    "    for unit in units:\n"
    "        unit['power'] = unit.get('power', 0) + by\n"
    "    return sorted(units, key=lambda u: -u['power'])\n"
    "\n"
    "def on_damage(amount):\n"
    "    try:\n"
    "        return game.damage(amount)\n"
    "    except ValueError as error:\n"
    "        return f'refused: {error}'\n";

static execmon_interp *py;
static int64_t last_id;

/* Ends the host with what went wrong: good enough for a game's start. */
static void check(execmon_status status, execmon_error *error) {
  if (status == EXECMON_OK) return;
  fputs(execmon_error_traceback(error) ? execmon_error_traceback(error) : execmon_error_message(error), stderr);
  exit(1);
}

/* ---- functions that the script calls */

static int new_id(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                  execmon_error **error, void *user) {
  (void)args, (void)user;
  if (count != 0) return execmon_error_new("TypeError", "new_id() takes no arguments", error), EXECMON_STATUS_TYPE;
  return execmon_make_int(interp, ++last_id, result, error);
}

static int log_line(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                    execmon_error **error, void *user) {
  const char *text;
  (void)interp, (void)result;
  if (count != 1) return execmon_error_new("TypeError", "log() takes one argument", error), EXECMON_STATUS_TYPE;
  execmon_status status = execmon_value_text(args[0], &text, NULL, error);
  if (status == EXECMON_OK) printf("%s%s\n", (const char *)user, text);
  return status;
}

static int damage(execmon_interp *interp, execmon_value *const *args, size_t count, execmon_value **result,
                  execmon_error **error, void *user) {
  int64_t *lives = (int64_t *)user, amount = 0;
  if (count != 1) return execmon_error_new("TypeError", "damage() takes one argument", error), EXECMON_STATUS_TYPE;
  execmon_status status = execmon_value_int(args[0], &amount, error); /* a TypeError for anything but an int */
  if (status != EXECMON_OK) return status;
  if (amount > *lives) return execmon_error_new("ValueError", "that would kill", error), EXECMON_STATUS_VALUE;
  *lives -= amount;
  return execmon_make_int(interp, *lives, result, error);
}

/* ---- what the host does with values */

/* Prints any value as JSON would have it, by walking through it. */
static void print(const execmon_value *value) {
  execmon_type type = EXECMON_TYPE_OTHER;
  execmon_value *iterator = NULL, *item = NULL, *member = NULL;
  const char *text = "", *separator = "";
  execmon_value_type(value, &type, NULL);
  switch (type) {
    case EXECMON_TYPE_DICT:
      printf("{");
      execmon_value_iterate(value, &iterator, NULL);
      for (; execmon_value_next(iterator, &item, NULL) == EXECMON_OK; execmon_value_release(item)) {
        printf("%s", separator), print(item), printf(": ");
        if (execmon_value_get_item(value, item, &member, NULL) == EXECMON_OK) print(member);
        execmon_value_release(member);
        separator = ", ";
      }
      printf("}");
      break;
    case EXECMON_TYPE_LIST:
    case EXECMON_TYPE_TUPLE:
      printf("[");
      execmon_value_iterate(value, &iterator, NULL);
      for (; execmon_value_next(iterator, &item, NULL) == EXECMON_OK; execmon_value_release(item)) {
        printf("%s", separator), print(item);
        separator = ", ";
      }
      printf("]");
      break;
    case EXECMON_TYPE_STR:
      execmon_value_text(value, &text, NULL, NULL);
      printf("\"%s\"", text);
      break;
    default:
      execmon_value_text(value, &text, NULL, NULL);
      printf("%s", text);
  }
  execmon_value_release(iterator);
}

int main(void) {
  static char prefix[] = "[game] ";
  int64_t lives = 0;
  execmon_error *error = NULL;
  execmon_value *rules, *key, *item, *spawn, *units[2], *list, *by, *sorted;
  check(execmon_interp_new(NULL, &py, &error), error);
  check(execmon_add_function(py, "game", "new_id", new_id, NULL, NULL, &error), error);
  check(execmon_add_function(py, "game", "log", log_line, prefix, NULL, &error), error);
  check(execmon_add_function(py, "game", "damage", damage, &lives, NULL, &error), error);
  check(execmon_run_string(py, "script", source, EXECMON_NUL_TERMINATED, &error), error);

  /* A value out of a table of the script. */
  check(execmon_get_global(py, "script", "rules", &rules, &error), error);
  check(execmon_make_str(py, "lives", EXECMON_NUL_TERMINATED, &key, &error), error);
  check(execmon_value_get_item(rules, key, &item, &error), error);
  check(execmon_value_int(item, &lives, &error), error);
  execmon_value_release(item), execmon_value_release(key), execmon_value_release(rules);

  /* Calls with keyword arguments. */
  check(execmon_get_global(py, "script", "spawn", &spawn, &error), error);
  for (int i = 0; i < 2; i++) {
    const char *const names[] = {"x", "y"};
    execmon_value *kind, *at[2];
    check(execmon_make_str(py, i ? "tank" : "scout", EXECMON_NUL_TERMINATED, &kind, &error), error);
    check(execmon_make_int(py, 10 * i, &at[0], &error), error);
    check(execmon_make_float(py, 2.5, &at[1], &error), error);
    check(execmon_value_call(spawn, &kind, 1, names, at, 2, &units[i], &error), error);
    execmon_value_release(kind), execmon_value_release(at[0]), execmon_value_release(at[1]);
  }
  execmon_value_release(spawn);

  /* A list made here, changed there. */
  check(execmon_make_list(py, units, 2, &list, &error), error);
  check(execmon_make_int(py, 7, &by, &error), error);
  execmon_value *args[2] = {list, by};
  check(execmon_call(py, "script", "upgrade", args, 2, &sorted, &error), error);
  print(sorted), printf("\n");
  for (int i = 0; i < 2; i++) execmon_value_release(units[i]);
  execmon_value_release(list), execmon_value_release(by), execmon_value_release(sorted);

  /* Errors in both directions. */
  static const char *const calls[] = {"on_damage(1)", "on_damage(99)", "on_damage('much')"};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    execmon_value *result = NULL;
    if (execmon_eval_string(py, "script", calls[i], EXECMON_NUL_TERMINATED, &result, &error) == EXECMON_OK) {
      printf("%s: ", calls[i]), print(result), printf("\n");
      execmon_value_release(result);
    } else {
      printf("%s: %s, %s\n", calls[i], execmon_error_type(error), execmon_error_message(error));
      execmon_error_free(error);
    }
  }
  execmon_interp_free(py);
  return 0;
}
