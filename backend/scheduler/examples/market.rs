//! Makes an instance file: `market KIND OUT [--seed N] [--requests N]`; the same seed, the same file. The kinds are in
//! `kinds/`. Deliberately not here: solving.

mod kinds;

const USAGE: &str = "usage: market KIND OUT [--seed N] [--requests N], with KIND one of";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let usage = || format!("{USAGE} {}", kinds::NAMES.join(", "));
    let [kind, output, options @ ..] = args.as_slice() else {
        return Err(usage().into());
    };
    let (mut seed, mut requests) = (1, None);
    for pair in options.chunks(2) {
        let [name, value] = pair else {
            return Err(format!("{} needs a number; {}", pair[0], usage()).into());
        };
        let number: u64 = value
            .parse()
            .map_err(|_| format!("{name} needs a whole number, not \"{value}\""))?;
        match name.as_str() {
            "--seed" => seed = number,
            "--requests" => requests = Some(number),
            _ => return Err(format!("there is no option \"{name}\"; {}", usage()).into()),
        }
    }
    let instance = kinds::make(kind, seed, requests)?;
    std::fs::write(output, instance.to_json()).map_err(|e| format!("cannot write {output}: {e}"))?;
    Ok(())
}
