/*
 * The same for Lua 5.4: a hook that counts, for benches/events.py.
 *
 *   lua_events FILE none|line|call|count PASSES
 *
 * Prints the events counted and the nanoseconds of processor time that the passes over main() took, after one that warms up.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned long long events;

static void on_event(lua_State *L, lua_Debug *event) {
  (void)L, (void)event;
  ++events;
}

static unsigned long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (unsigned long long)t.tv_sec * 1000000000u + (unsigned long long)t.tv_nsec;
}

static void pass(lua_State *L) {
  lua_getglobal(L, "main");
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
    fprintf(stderr, "lua_events: %s\n", lua_tostring(L, -1));
    exit(1);
  }
}

int main(int argc, char **argv) {
  lua_State *L = luaL_newstate();
  unsigned long long start;
  int i, mask;
  if (argc != 4 || !L) return 2;
  luaL_openlibs(L);
  if (luaL_dofile(L, argv[1]) != LUA_OK) {
    fprintf(stderr, "lua_events: %s\n", lua_tostring(L, -1));
    return 1;
  }
  mask = !strcmp(argv[2], "line")    ? LUA_MASKLINE
         : !strcmp(argv[2], "call")  ? LUA_MASKCALL
         : !strcmp(argv[2], "return") ? LUA_MASKRET
         : !strcmp(argv[2], "count") ? LUA_MASKCOUNT
                                     : 0;
  if (mask) lua_sethook(L, on_event, mask, 1);
  pass(L);
  events = 0;
  start = now();
  for (i = 0; i < atoi(argv[3]); i++) pass(L);
  printf("%llu %llu\n", events, now() - start);
  lua_close(L);
  return 0;
}
