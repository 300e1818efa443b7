//! What the limits let through.

use super::*;
use crate::error::Code;

fn throttle() -> Throttle {
    Throttle::new(&Limits {
        login_failures_per_account: 2,
        login_failures_per_address: 3,
        message_burst: 2,
        message_rate: 1,
        ..Limits::default()
    })
}

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

#[test]
fn a_full_counter_refuses_that_address_and_no_other() {
    let throttle = throttle();
    for _ in 0..2 {
        drop(
            throttle
                .login("anna", HERE, Timestamp(0))
                .expect("not full yet"),
        );
    }
    let error = throttle
        .login("anna", HERE, Timestamp(1000))
        .expect_err("full");
    assert_eq!(error.code, Code::RateLimited);
    assert_eq!(error.retry_after, Some(Duration::from_secs(15 * 60 - 1)));
    assert!(throttle.login("anna", THERE, Timestamp(0)).is_ok());
    assert!(
        throttle
            .login("anna", HERE, Timestamp(15 * 60 * 1000))
            .is_ok(),
        "after the window"
    );
}

#[test]
fn guests_of_one_address_share_a_bucket() {
    let throttle = throttle();
    throttle.guest_message(HERE).expect("not empty");
    throttle.guest_message(HERE).expect("not empty");
    let error = throttle.guest_message(HERE).expect_err("empty");
    assert_eq!(error.code, Code::RateLimited);
    throttle.guest_message(THERE).expect("a bucket of its own");
    throttle.message(UserId(1)).expect("a person's own");
}

#[test]
fn a_right_password_does_not_count() {
    let throttle = throttle();
    for _ in 0..10 {
        throttle
            .login("anna", HERE, Timestamp(0))
            .expect("not full")
            .succeeded();
    }
}

#[test]
fn guessing_at_many_accounts_is_bounded_by_address() {
    let throttle = throttle();
    for account in ["anna", "ben", "carl"] {
        drop(
            throttle
                .login(account, HERE, Timestamp(0))
                .expect("not full yet"),
        );
    }
    assert!(throttle.login("dora", HERE, Timestamp(0)).is_err());
    assert!(throttle.login("dora", THERE, Timestamp(0)).is_ok());
}

#[test]
fn neighbours_in_one_ipv6_network_count_as_one() {
    let one: IpAddr = "2001:db8::1".parse().expect("an address");
    let other: IpAddr = "2001:db8::ffff:2".parse().expect("an address");
    assert_eq!(counted(one), counted(other));
    assert_eq!(
        counted("::ffff:192.0.2.1".parse().expect("an address")),
        HERE
    );
}

#[test]
fn messages_come_out_of_a_bucket_and_zero_means_no_limit() {
    let throttle = throttle();
    assert!(throttle.message(UserId(1)).is_ok() && throttle.message(UserId(1)).is_ok());
    let error = throttle.message(UserId(1)).expect_err("empty");
    assert!(
        error
            .retry_after
            .is_some_and(|wait| wait <= Duration::from_secs(1))
    );
    assert!(throttle.message(UserId(2)).is_ok());
    let open = Throttle::new(&Limits {
        message_rate: 0,
        ..Limits::default()
    });
    assert!((0..1000).all(|_| open.message(UserId(1)).is_ok()));
}
