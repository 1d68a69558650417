// A C++ wrapper: handles that free themselves, exceptions instead of statuses, and any callable as a callback.
#include <execmon.h>

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace execmon {

struct Error : std::runtime_error {
  Error(execmon_status status, execmon_error *error)
      : std::runtime_error(error ? std::string(execmon_error_type(error)) + ": " + execmon_error_message(error) : "execmon"),
        status(status) {
    const char *text = execmon_error_traceback(error);
    if (text) traceback = text;
    execmon_error_free(error);
  }
  execmon_status status;
  std::string traceback;
};

// Calls a function that ends with an error, and throws what it says.
template <typename F, typename... A>
void call(F f, A... args) {
  execmon_error *error = nullptr;
  execmon_status status = f(args..., &error);
  if (status != EXECMON_OK) throw Error(status, error);
}

class Value {
 public:
  explicit Value(execmon_value *handle = nullptr) : handle_(handle) {}
  Value(const Value &other) {
    if (other.handle_) call(execmon_value_retain, other.handle_, &handle_);
  }
  Value(Value &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Value &operator=(Value other) noexcept { return std::swap(handle_, other.handle_), *this; }
  ~Value() { execmon_value_release(handle_); }
  execmon_value *get() const { return handle_; }
  execmon_value **out() { return execmon_value_release(std::exchange(handle_, nullptr)), &handle_; }

  std::string str() const {
    const char *text;
    size_t length;
    call(execmon_value_text, handle_, &text, &length);
    return {text, length};
  }
  int64_t integer() const {
    int64_t number;
    call(execmon_value_int, handle_, &number);
    return number;
  }
  Value attr(const char *name) const {
    Value result;
    call(execmon_value_get_attr, handle_, name, result.out());
    return result;
  }
  template <typename... A>
  Value operator()(const A &...args) const {
    execmon_value *list[] = {args.get()..., nullptr};
    Value result;
    call(execmon_value_call, handle_, list, sizeof...(args), nullptr, nullptr, size_t{0}, result.out());
    return result;
  }
  // Range-for over whatever Python can iterate.
  template <typename F>
  void each(F f) const {
    Value iterator;
    call(execmon_value_iterate, handle_, iterator.out());
    for (;;) {
      Value item;
      execmon_error *error = nullptr;
      execmon_status status = execmon_value_next(iterator.get(), item.out(), &error);
      if (status == EXECMON_STATUS_END) return static_cast<void>(execmon_error_free(error));
      if (status != EXECMON_OK) throw Error(status, error);
      f(std::as_const(item));
    }
  }

 private:
  execmon_value *handle_ = nullptr;
};

class Interpreter {
 public:
  using Function = std::function<Value(const std::vector<Value> &)>;
  using Callback = std::function<execmon_action(const execmon_event &)>;

  Interpreter() { call(execmon_interp_new, nullptr, &handle_); }
  Interpreter(const Interpreter &) = delete;
  ~Interpreter() { execmon_interp_free(handle_); }
  execmon_monitor *monitor() const { return execmon_interp_monitor(handle_); }

  void run(const std::string &module, const std::string &source) {
    call(execmon_run_string, handle_, module.c_str(), source.data(), source.size());
  }
  Value eval(const std::string &module, const std::string &expression) {
    Value result;
    call(execmon_eval_string, handle_, module.c_str(), expression.data(), expression.size(), result.out());
    return result;
  }
  Value make(int64_t number) {
    Value result;
    call(execmon_make_int, handle_, number, result.out());
    return result;
  }
  void add(const char *module, const char *name, Function f) {
    auto owned = std::make_unique<Function>(std::move(f));
    call(execmon_add_function, handle_, module, name, &invoke, static_cast<void *>(owned.get()), &drop<Function>);
    owned.release();  // the library's from here on
  }
  void on(int32_t tool, int64_t event, Callback f) {
    auto owned = std::make_unique<Callback>(std::move(f));
    call(execmon_register_callback, monitor(), tool, event, &deliver, static_cast<void *>(owned.get()), &drop<Callback>);
    owned.release();
  }

 private:
  // No C++ exception may leave these.
  static int invoke(execmon_interp *, execmon_value *const *args, size_t count, execmon_value **result,
                    execmon_error **error, void *user) noexcept {
    try {
      std::vector<Value> list;
      for (size_t i = 0; i < count; i++) {
        list.emplace_back();
        call(execmon_value_retain, args[i], list.back().out());
      }
      Value value = (*static_cast<Function *>(user))(list);
      if (value.get()) call(execmon_value_retain, value.get(), result);
      return EXECMON_OK;
    } catch (const std::exception &e) {
      execmon_error_new("RuntimeError", e.what(), error);
      return EXECMON_STATUS_CALLBACK;
    }
  }
  static execmon_action deliver(const execmon_event *event, void *user) noexcept {
    try {
      return (*static_cast<Callback *>(user))(*event);
    } catch (...) {
      return EXECMON_ERROR;
    }
  }
  template <typename T>
  static void drop(void *user) noexcept {
    delete static_cast<T *>(user);
  }
  execmon_interp *handle_ = nullptr;
};

}  // namespace execmon

int main() {
  try {
    execmon::Interpreter py;
    std::map<std::string, int> calls;
    py.add("host", "twice", [&py](const std::vector<execmon::Value> &args) {
      if (args.size() != 1) throw std::invalid_argument("twice() takes one argument");
      return py.make(2 * args[0].integer());
    });
    execmon::call(execmon_use_tool_id, py.monitor(), EXECMON_PROFILER_ID, "calls");
    py.on(EXECMON_PROFILER_ID, EXECMON_EVENT_PY_START, [&calls](const execmon_event &event) {
      calls[execmon_code_qualified_name(event.code)]++;
      return EXECMON_CONTINUE;
    });
    execmon::call(execmon_set_events, py.monitor(), EXECMON_PROFILER_ID, int64_t{EXECMON_EVENT_PY_START});
    py.run("m", "from host import twice\ndef f(n): return [twice(i) for i in range(n)]\n");
    py.eval("m", "f(4)").each([](const execmon::Value &item) { std::cout << item.str() << "\n"; });
    std::cout << py.eval("m", "f")(py.make(3)).str() << "\n";
    for (const auto &[name, count] : calls) std::cout << name << " ran " << count << " times\n";
    try {
      py.run("m", "twice('x')\n");
    } catch (const execmon::Error &e) {
      std::cout << e.what() << "\n";
    }
    return 0;
  } catch (const execmon::Error &e) {
    std::cerr << e.what() << "\n" << e.traceback;
    return 1;
  }
}
