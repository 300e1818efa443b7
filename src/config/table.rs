//! The table of settings. To add one, add its line here: a docstring (which is also its help), a field, a kind,
//! a default as an operator would write it, and a range where its values have an order.

use super::Setting;
use super::choices::{LogFormat, MailSecurity, ProxyHeader, Registration, SecondFactor};
use super::kinds::{
    self, Address, File, Folder, Kind, LogFilter, Networks, Number, Optional, Origins, ProviderUrl,
    Size, Span, Switch, WebOrigin, Words,
};

/// The type of the value that a kind yields.
type Of<K> = <K as Kind>::Value;

macro_rules! range {
    () => {
        None
    };
    ($least:literal, $most:literal) => {
        Some(($least, $most))
    };
}

macro_rules! settings {
    (
        Settings { $( $group:literal { $( $(#[doc = $help:literal])+ $field:ident : $kind:ty = $default:literal $(in $least:literal to $most:literal)?; )+ } )+ }
        Limits { $( $limit_group:literal { $( $(#[doc = $limit_help:literal])+ $limit:ident : $limit_kind:ty = $limit_default:literal $(in $limit_least:literal to $limit_most:literal)?; )+ } )+ }
    ) => {
        /// All settings, with their values. What each one means stands at its field and in `docs/settings.md`.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Settings {
            $($( $(#[doc = $help])+ pub $field: Of<$kind>, )+)+
            /// How much of everything there may be.
            pub limits: Limits,
        }

        /// The limits among the settings.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Limits {
            $($( $(#[doc = $limit_help])+ pub $limit: Of<$limit_kind>, )+)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($( $field: kinds::default::<$kind>($default), )+)+ limits: Limits::default() }
            }
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($( $limit: kinds::default::<$limit_kind>($limit_default), )+)+ }
            }
        }

        /// Every setting, in the order in which help and reference list them.
        pub static SETTINGS: &[Setting] = &[
            $($( settings!(@entry $group, concat!($($help),+), $field, $kind, $default, range!($($least, $most)?), [$field]), )+)+
            $($( settings!(@entry $limit_group, concat!($($limit_help),+), $limit, $limit_kind, $limit_default,
                range!($($limit_least, $limit_most)?), [limits.$limit]), )+)+
        ];
    };
    (@entry $group:literal, $help:expr, $field:ident, $kind:ty, $default:literal, $range:expr, [$($path:tt)+]) => {
        Setting {
            field: stringify!($field),
            group: $group,
            help: $help,
            default: $default,
            range: $range,
            value_name: <$kind as Kind>::VALUE_NAME,
            shape: <$kind as Kind>::SHAPE,
            put: |settings, texts| {
                settings.$($path)+ = kinds::read::<$kind>(texts, $range)?;
                Ok(())
            },
        }
    };
}

settings! {
    Settings {
        "Where it listens" {
            /// The address and port to listen on; port 0 takes a free one.
            listen: Address = "127.0.0.1:5000";
            /// Serve HTTP without TLS, for a proxy in front that speaks HTTPS.
            plain_http: Switch = "false";
            /// The certificate chain to serve, in PEM; without it Parlor makes its own.
            cert: Optional<File> = "";
            /// The private key of the certificate, in PEM.
            key: Optional<File> = "";
            /// A second address for metrics; without it there are none. Keep it private.
            admin_listen: Optional<Address> = "";
            /// A second address, such as `0.0.0.0:80`, that answers plain HTTP: it sends browsers to HTTPS and does nothing
            /// else.
            redirect_http: Optional<Address> = "";
            /// A web origin other than Parlor's own whose pages may connect; repeat it for several.
            allowed_origins: Origins = "";
            /// A proxy, or a network of them, that is believed which client it speaks for; repeat it for several.
            trusted_proxy: Networks = "";
            /// Where such a proxy says so. Take the one that it sets itself: the other one is written by clients.
            proxy_header: ProxyHeader = "x-forwarded-for";
        }
        "The server" {
            /// The folder for the database, uploads and certificates.
            data_dir: Folder = ".";
            /// What the server is called on its pages.
            server_name: Words = "Parlor";
            /// Who may register: everybody, whoever holds an invitation, or nobody.
            registration: Registration = "open";
            /// Who must have a second factor: nobody, those who run the site, or everybody. Who has none sets one up at the
            /// next login and can do nothing else before; sockets and tokens of the account wait for it too, those made
            /// earlier as well. Programs and guests are exempt, and so is an account without a password: it logs in by
            /// single sign-on alone, whose provider asks for what it holds necessary.
            require_second_factor: SecondFactor = "none";
            /// Let clients without an account speak in the lobby as guests; they may do nothing else.
            guests: Switch = "false";
        }
        "Single sign-on" {
            /// The OpenID Connect provider to log in with, by its issuer, such as `https://login.example.org`; without it
            /// there is none. Plain http is for one on this machine.
            oidc_issuer: Optional<ProviderUrl> = "";
            /// As which client the provider knows this server. Give it `/login/oidc/return` under the public address to come back to.
            oidc_client_id: Optional<Words> = "";
            /// The file that holds the client's secret, where it has one; only the server should be able to read it.
            oidc_client_secret_file: Optional<File> = "";
            /// What the button for it says.
            oidc_name: Words = "single sign-on";
        }
        "Mail" {
            /// The mail server, a host name; without it nothing is mailed.
            smtp_server: Optional<Words> = "";
            /// Its port: 587 with `starttls`, 465 with `tls`, 25 on a machine that relays.
            smtp_port: Number<u16> = "587" in "1" to "65535";
            /// How the way to it is kept from listeners.
            smtp_security: MailSecurity = "starttls";
            /// The name to log in to it with; without it nobody logs in.
            smtp_user: Optional<Words> = "";
            /// The file that holds the password for that name; only the server should be able to read it.
            smtp_password_file: Optional<File> = "";
            /// In whose name mails are sent, such as `Parlor <parlor@example.org>`.
            mail_from: Optional<Words> = "";
            /// Where people reach this server, such as `https://chat.example.org`: links in mails lead there, and push services learn it.
            public_url: Optional<WebOrigin> = "";
            /// After how long a mention or a direct message that was not read is mailed.
            mail_after: Span = "15min" in "1s" to "30days";
        }
        "Other servers" {
            /// Let outgoing webhooks reach addresses that are not public, such as those of an intranet. Whoever owns a
            /// room can then make this server post to them.
            outgoing_to_private_addresses: Switch = "false";
            /// Show under a message what the pages that it links to say of themselves. This server fetches them.
            link_previews: Switch = "true";
            /// Show that also of pages at addresses that are not public, such as those of an intranet. Whoever writes
            /// a message can then make this server fetch them.
            link_previews_of_private_addresses: Switch = "false";
        }
        "Logs" {
            /// Which log lines are written: a level, or a filter such as `info,parlor::store=debug`.
            log: LogFilter = "info";
            /// How log lines are written: for people, or as one JSON object a line.
            log_format: LogFormat = "text";
        }
    }
    Limits {
        "Text" {
            /// The most characters in a message.
            message_characters: Number<usize> = "4000" in "1" to "100_000";
            /// The fewest characters in a person's name.
            name_min: Number<usize> = "2" in "1" to "64";
            /// The most characters in a person's name.
            name_max: Number<usize> = "32" in "1" to "64";
            /// The most characters in a room's name.
            room_name_characters: Number<usize> = "64" in "1" to "256";
            /// The most characters in a room's topic.
            topic_characters: Number<usize> = "250" in "0" to "4000";
        }
        "Sizes" {
            /// The largest profile photo.
            photo_bytes: Size = "5MiB" in "1KiB" to "100MiB";
            /// The most pixels in a profile photo, all frames of an animation together.
            photo_pixels: Number<u64> = "40_000_000" in "10_000" to "1_000_000_000";
            /// The largest head of a request, all its headers together.
            header_bytes: Size = "64KiB" in "8KiB" to "1MiB";
            /// The largest Socket.IO packet.
            packet_bytes: Size = "1MiB" in "16KiB" to "100MiB";
            /// The largest body of a request with a photo; must hold the photo and the form around it.
            body_bytes: Size = "6MiB" in "64KiB" to "1GiB";
            /// The largest form or JSON body without a file.
            form_bytes: Size = "256KiB" in "16KiB" to "16MiB";
        }
        "Files" {
            /// The largest file that comes with a message.
            attachment_bytes: Size = "25MiB" in "1KiB" to "4GiB";
            /// How many files one message may have.
            attachments_per_message: Number<usize> = "10" in "1" to "100";
            /// How much room one person's files may take together; 0 turns the limit off.
            person_quota: Size = "1GiB" in "0B" to "1PiB";
            /// How much of the disk stays free; files that would take more of it are refused.
            free_space: Size = "256MiB" in "0B" to "1PiB";
            /// For how many days messages are kept; older ones are deleted for good, with their files, pinned ones and
            /// those of direct conversations too. 0 keeps them for ever.
            retention_days: Number<u32> = "0" in "0" to "36_500";
            /// How long an uploaded file waits for its message before it is deleted.
            upload_lifetime: Span = "1day" in "1s" to "30days";
        }
        "Rates" {
            /// How many messages a person may send at once before the rate counts.
            message_burst: Number<u32> = "20" in "1" to "10_000";
            /// How many messages a second a person may go on sending; 0 turns the limit off.
            message_rate: Number<u32> = "2" in "0" to "10_000";
            /// How many failed logins an account takes within the login window; 0 turns the limit off.
            login_failures_per_account: Number<u32> = "10" in "0" to "100_000";
            /// How many failed logins an address may make within the login window; 0 turns the limit off.
            login_failures_per_address: Number<u32> = "50" in "0" to "100_000";
            /// How many wrong codes of a second factor an account takes a day, from all addresses together; 0 turns the
            /// limit off.
            code_failures_per_account: Number<u32> = "100" in "0" to "100_000";
            /// How long failed logins count.
            login_window: Span = "15min" in "1s" to "7days";
            /// How many accounts an hour may be registered from one address; 0 turns the limit off.
            registrations_per_address: Number<u32> = "20" in "0" to "100_000";
            /// How often an hour one address may ask how strong a password is, as forms do while one is typed; 0 turns the
            /// limit off.
            password_checks_per_address: Number<u32> = "1000" in "0" to "100_000";
            /// How many links to recover an account may be asked for an hour from one address; 0 turns the limit off.
            recoveries_per_address: Number<u32> = "20" in "0" to "100_000";
            /// How many such links an hour are mailed to one account; 0 turns the limit off.
            recoveries_per_account: Number<u32> = "3" in "0" to "100_000";
            /// How many logins an hour one address may begin with the OpenID Connect provider; 0 turns the limit off.
            sign_ons_per_address: Number<u32> = "300" in "0" to "100_000";
            /// How many guests an hour may come from one address; 0 turns the limit off.
            guests_per_address: Number<u32> = "120" in "0" to "100_000";
            /// How many messages and people somebody may report an hour; 0 turns the limit off.
            reports_per_person: Number<u32> = "20" in "0" to "100_000";
            /// How many exports of their data somebody may make an hour; 0 turns the limit off.
            exports_per_person: Number<u32> = "5" in "0" to "100_000";
        }
        "Connections" {
            /// How many sockets one address may hold; the next one is answered 503.
            sockets_per_address: Number<usize> = "500" in "1" to "1_000_000";
            /// How many sockets one person may hold; the oldest is closed for the next one.
            sockets_per_person: Number<usize> = "20" in "1" to "10_000";
            /// How many requests one connection of HTTP/2 may have under way; the client holds further ones back.
            streams_per_connection: Number<u32> = "100" in "8" to "10_000";
            /// How many events of one socket may wait to be worked off; the next one is answered `rate_limited`.
            mailbox_events: Number<usize> = "64" in "1" to "10_000";
            /// How many days a session lasts after it was last used.
            session_days: Number<u32> = "30" in "1" to "3650";
            /// For how long somebody who logged in or wrote their password is not asked again before they make tokens for
            /// bots or change how they log in.
            proof_lifetime: Span = "15min" in "1s" to "30days";
            /// How many days a session lasts at most, however much it is used; after that one logs in again.
            session_most_days: Number<u32> = "180" in "1" to "36500";
        }
        "Times" {
            /// How long a TLS handshake may take.
            handshake_timeout: Span = "10s" in "100ms" to "10min";
            /// How long the headers of a request may take.
            header_timeout: Span = "15s" in "100ms" to "10min";
            /// How long a connection may carry no request, or a client take nothing of an answer.
            idle_timeout: Span = "2min" in "100ms" to "1h";
            /// How often the files of the certificate are looked at; SIGHUP asks for a look at once.
            certificate_check: Span = "1min" in "100ms" to "1day";
            /// How long a request's body may send nothing.
            body_idle_timeout: Span = "30s" in "100ms" to "1h";
            /// How long a socket may take to say who it is.
            connect_timeout: Span = "45s" in "100ms" to "10min";
            /// How often a socket is asked whether it is there.
            ping_interval: Span = "25s" in "100ms" to "1h";
            /// How long it may take to answer.
            ping_timeout: Span = "20s" in "100ms" to "1h";
            /// How long a stop waits for what is under way.
            stop_timeout: Span = "10s" in "100ms" to "10min";
        }
        "The machine" {
            /// What hashing a password costs: scrypt with N = 2 to the power of this, so one more is twice as slow.
            password_cost: Number<u8> = "17" in "14" to "22";
            /// How many passwords are hashed at once; each takes a core and 128 MiB for a moment.
            password_hashes_at_once: Number<usize> = "2" in "1" to "256";
            /// How many connections read the database.
            readers: Number<u32> = "4" in "1" to "256";
            /// How many changes may wait to be stored; past it the answer is `unavailable`.
            writer_queue: Number<usize> = "1024" in "1" to "1_000_000";
        }
    }
}
