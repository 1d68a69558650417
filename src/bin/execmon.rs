use execmon::compile::{Mode, compile, source::Source};
use execmon::object::dict::Dict;
use execmon::vm::{Vm, output::ProcessOutput, Args, R, native::def};
use execmon::object::value::Value;
fn print(vm: &mut Vm, a: Args<'_>) -> R {
    let mut out = String::new();
    for (i, v) in a.pos.iter().enumerate() { if i > 0 { out.push(' ') } out.push_str(&vm.str(v)?.to_string()); }
    println!("{out}");
    Ok(Value::NONE)
}
fn main() {
    let file = std::env::args().nth(1).unwrap_or_default();
    let bytes = std::fs::read(&file).unwrap_or_default();
    let source = match Source::from_bytes(file.as_str(), &bytes) { Ok(s) => s, Err(e) => return println!("{e}") };
    let code = match compile(&source, Mode::Exec) { Ok(c) => c, Err(e) => return println!("{e}") };
    if std::env::args().nth(2).as_deref() == Some("dis") {
        return print!("{}", execmon::code::disassemble::disassemble(&code, &|_, _| None));
    }
    let mut vm = Vm::new(Box::new(ProcessOutput));
    execmon::builtins::install_all(&mut vm);
    let n = vm.intern("print");
    let f = vm.native_function(&def("print", 0, u16::MAX, print), Value::NONE);
    vm.builtins.set_str(&vm.heap, &n, f.into());
    for t in vm.types().all() { vm.builtins.set_str(&vm.heap, &t.name.get(), t.to_value()); }
    let Ok(code) = vm.load_code(&code) else { return };
    let globals = Dict::new(&vm.heap);
    let (k, v) = (vm.intern("__name__"), vm.new_str("__main__"));
    globals.set_str(&vm.heap, &k, v);
    if let Err(e) = vm.run_module_code(&code, &globals) {
        let (n, t) = vm.exception_text(&e);
        println!("{n}: {}", t.map(|t| t.to_string()).unwrap_or_default());
    }
}
