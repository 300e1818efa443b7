//! Flags, variables and the settings file: exit status 2, and one line that names the setting.

use super::{Case, How};

type Pair = (&'static str, &'static str);

fn case(
    what: &'static str,
    arguments: &[&'static str],
    variables: &[Pair],
    file: &'static str,
    (field, says): Pair,
) -> Case {
    let how = How::Start { arguments: arguments.to_vec(), variables: variables.to_vec(), file };
    Case { what, how, status: 2, field, says }
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = flags();
    cases.extend(elsewhere());
    cases
}

fn flags() -> Vec<Case> {
    let rows: [(&str, &[&str], Pair); 23] = [
        ("a flag that is none", &["--colour=red"], ("--colour", "no such setting")),
        ("a flag with a slip", &["serve", "--lisen=127.0.0.1:0"], ("--lisen", "Did you mean")),
        ("a command that is none", &["dance"], ("dance", "no such setting or command")),
        ("a flag without value", &["--data-dir"], ("--data-dir", "needs a value")),
        ("a port alone", &["--listen=5000"], ("--listen", "an IP address with a port")),
        ("a name to listen on", &["--listen=localhost:5000"], ("--listen", "an IP address with a port")),
        ("an address of another machine", &["--plain-http", "--listen=192.0.2.1:5000"], ("--listen", "no address of this machine")),
        ("a number of words", &["--message-rate=many"], ("--message-rate", "a whole number")),
        ("a number below zero", &["--message-rate=-1"], ("--message-rate", "a whole number")),
        ("a number out of range", &["--sockets-per-person=0"], ("--sockets-per-person", "from 1 to 10_000")),
        ("a size without sense", &["--photo-bytes=huge"], ("--photo-bytes", "a size such as")),
        ("a time without unit", &["--login-window=15"], ("--login-window", "a time with its unit")),
        ("a registration that is none", &["--registration=maybe"], ("--registration", "open, invite or closed")),
        ("an origin with a path", &["--allowed-origin=https://a.example/b"], ("--allowed-origin", "without a path")),
        ("a proxy by its name", &["--trusted-proxy=proxy.local"], ("--trusted-proxy", "an IP address or a network")),
        ("a network that is none", &["--trusted-proxy=10.0.0.0/33"], ("--trusted-proxy", "such as 127.0.0.1")),
        ("a header of proxies that is none", &["--proxy-header=via"], ("--proxy-header", "x-forwarded-for or forwarded")),
        ("a log filter that is none", &["--log=a=b=c"], ("--log", "a level")),
        ("a certificate without key", &["--cert=a-file"], ("--cert", "--key")),
        ("a certificate that is not there", &["--cert=none", "--key=none"], ("--cert", "none")),
        ("a certificate that is none", &["--cert=a-file", "--key=a-file"], ("--cert", "no certificate")),
        ("a data folder below a file", &["--plain-http", "--data-dir=a-file/x"], ("--data-dir", "write access")),
        ("limits that do not fit together", &["--photo-bytes=50MiB"], ("--body-bytes", "at least")),
    ];
    rows.into_iter().map(|(what, flags, expected)| case(what, flags, &[], "", expected)).collect()
}

fn elsewhere() -> Vec<Case> {
    let key = "parlor.toml: message-rate";
    vec![
        case("a variable of words", &[], &[("PARLOR_MESSAGE_RATE", "many")], "", ("PARLOR_MESSAGE_RATE", "a whole number")),
        case("a variable out of range", &[], &[("PARLOR_NAME_MAX", "65")], "", ("PARLOR_NAME_MAX", "from 1 to 64")),
        case("a settings file that is not there", &["--config=none.toml"], &[], "", ("--config", "cannot be read")),
        case("a settings file by variable", &[], &[("PARLOR_CONFIG", "none.toml")], "", ("PARLOR_CONFIG", "cannot be read")),
        case("a key that is none", &[], &[], "colour = \"red\"", ("parlor.toml: colour", "no such setting")),
        case("a key in a table", &[], &[], "[limits]\nmessage-rate = 1", ("parlor.toml: limits", "no such setting")),
        case("a key of words", &[], &[], "message-rate = \"many\"", (key, "a whole number")),
        case("a key of a list", &[], &[], "message-rate = [1]", (key, "a number")),
        case("a file that is no TOML", &[], &[], "message-rate = ", ("parlor.toml", "Line 1")),
        case("a flag wins and is still wrong", &["--message-rate=x"], &[], "message-rate = 1", ("--message-rate", "a whole number")),
    ]
}
