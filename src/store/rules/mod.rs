//! The rules that every store keeps, as functions over `Arc<dyn Store>`; an implementation runs all
//! of them with [`store_rules`]. A function that the list there leaves out is dead code to the compiler.

pub(crate) mod accounts;
pub(crate) mod addresses;
pub(crate) mod administration;
pub(crate) mod bots;
pub(crate) mod changes;
pub(crate) mod closing;
pub(crate) mod devices;
pub(crate) mod factors;
pub(crate) mod guests;
pub(crate) mod hooks;
pub(crate) mod identities;
pub(crate) mod imports;
pub(crate) mod invites;
pub(crate) mod lists;
pub(crate) mod logins;
pub(crate) mod messages;
pub(crate) mod missed;
pub(crate) mod moderation;
pub(crate) mod notices;
pub(crate) mod outgoing;
pub(crate) mod own;
pub(crate) mod passkeys;
pub(crate) mod previews;
pub(crate) mod reading;
pub(crate) mod recovery;
pub(crate) mod reports;
pub(crate) mod retention;
pub(crate) mod room_changes;
pub(crate) mod rooms;
pub(crate) mod search;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod uploads;
pub(crate) mod views;

mod fixture;
mod records;

use std::time::Duration;

use super::{Actor, Result, StoreError};
use crate::model::{Account, Denied, RoomCode, Standing, Timestamp};

/// Runs every rule against the stores that `$open`, an `async fn() -> Fixture`, opens.
macro_rules! store_rules {
    ($open:path) => {
        $crate::store::rules::store_rules! { $open;
            accounts {
                the_first_account_owns_the_site
                the_first_account_waits_for_its_owner
                names_and_addresses_are_unique_whatever_their_case
                an_account_is_found_by_name_and_by_address
                a_change_is_made_whole_or_not_at_all
                a_new_name_shows_in_old_messages_and_is_told
                a_photo_comes_and_goes
                nobody_is_changed_who_is_not_there
                a_hash_is_renewed_only_if_it_is_still_there
            }
            addresses {
                an_address_holds_once_each_of_its_links_was_used
                an_address_that_somebody_has_is_not_taken
            }
            recovery {
                a_link_gives_a_new_password_once_and_ends_all_else
                a_recovery_code_gives_a_new_password_and_with_an_app_the_others_end
                a_disabled_account_is_not_recovered
            }
            guests {
                a_guest_comes_after_the_owner_and_cannot_log_in
                a_guest_who_may_not_join_leaves_no_trace
                of_a_guest_who_goes_only_messages_stay
                guests_of_a_server_that_crashed_are_removed
            }
            sessions {
                a_session_ends_at_its_time
                a_used_session_lasts_longer_but_is_not_brought_back
                only_ended_sessions_are_swept_and_told_of
                a_session_remembers_the_room_it_entered_last
                a_session_remembers_when_its_owner_last_showed_who_they_are
                an_ended_session_or_token_is_told_once
                a_new_password_ends_other_sessions_and_all_tokens
                nobody_has_no_sessions_and_no_tokens
            }
            factors {
                an_app_counts_from_its_first_code_and_a_step_is_taken_once
                a_secret_that_is_on_is_replaced_by_the_first_code_of_another
                a_recovery_code_is_taken_once_and_new_ones_end_the_old
                factors_are_noted_when_they_change_and_an_operator_removes_them
            }
            identities {
                an_identity_is_one_accounts_and_an_account_has_one
                who_has_no_password_keeps_their_identity
            }
            passkeys {
                a_passkey_belongs_to_one_person_and_is_found_by_its_id
                a_passkey_that_counts_never_counts_back
                a_person_has_so_many_passkeys_at_most
                passkeys_go_with_the_factors_and_with_the_account
            }
            rooms {
                everybody_joins_the_lobby
                a_code_belongs_to_one_room
                joining_twice_is_harmless
                a_join_asks_for_permission
                leaving_is_told_and_leaving_twice_finds_nothing
                my_rooms_come_with_the_newest_message_first
                public_rooms_come_by_size_without_mine
                members_come_in_pages
                people_know_whom_they_share_a_room_with
            }
            room_changes {
                a_room_changes_and_only_changes_are_told
                for_how_long_messages_are_kept_stands_in_the_log
                an_ended_room_is_nobodys
                what_was_said_in_an_ended_room_is_swept_bit_by_bit
                the_last_owner_hands_the_room_on
                a_private_room_without_members_is_archived
            }
            own {
                a_direct_conversation_is_found_again
                nobody_talks_directly_with_who_is_not_there
                somebody_is_added_once
                preferences_are_ones_own_and_only_changes_are_told
                what_is_marked_as_unread_counts_what_others_said
                names_are_completed_among_those_one_knows
            }
            imports {
                what_is_imported_is_numbered_and_read_and_told_to_nobody
                what_is_imported_is_found_in_the_order_in_which_it_was_sent
                an_imported_account_waits_for_its_link
                nobody_is_made_twice
                an_account_that_waits_becomes_a_part_of_another
                who_comes_with_a_password_logs_in_with_it
            }
            administration {
                a_disabled_account_has_no_session_and_gets_none
                the_site_keeps_somebody_who_runs_it
                only_who_runs_the_site_changes_it
                a_room_is_archived_restored_and_ended
                what_is_done_stands_in_the_log_once_under_the_names_of_the_time
                accounts_come_in_pages
                accounts_are_found_by_a_part_of_name_or_address
            }
            invites {
                an_invitation_is_used_up
                an_invitation_ends_at_its_time
                a_revoked_invitation_is_over
                who_belongs_to_the_room_uses_no_invitation_up
                an_invitation_asks_for_permission
                an_account_made_by_invitation_belongs_to_its_room
                an_invitation_to_the_site_is_the_admins_and_stands_in_its_log
                without_an_admin_the_command_line_invites_nobody
            }
            moderation {
                who_is_kicked_may_come_back
                who_is_banned_is_out_until_it_is_over
                a_mute_outlives_a_membership
                slow_mode_counts_from_the_last_message
                roles_change_hands_but_the_last_owner_stays
                recent_messages_are_deleted_each_with_a_seq_of_its_own
                what_is_so_already_is_not_noted
                a_measure_asks_for_permission_and_finds_its_person
                the_log_comes_in_pages
                bans_and_rooms_come_in_pages
            }
            reports {
                a_report_keeps_what_the_message_said
                reports_of_the_same_are_one_until_it_is_resolved
                a_report_of_what_is_not_theirs_finds_nothing
                reports_come_in_pages
            }
            retention {
                what_is_old_goes_for_good_and_what_is_referred_to_leaves_its_place
                nobodys_unread_messages_count_what_is_gone
                only_what_is_old_in_a_room_that_is_there_goes
                a_room_keeps_messages_for_its_own_days
            }
            messages {
                ids_grow_in_the_order_of_acceptance
                a_resent_message_is_stored_once
                resends_at_the_same_moment_are_stored_once
                two_authors_may_use_one_client_id
                a_refused_message_leaves_no_trace_beside_its_neighbours
                a_message_needs_its_room
                every_room_counts_its_own_changes
                the_feed_is_told_before_the_caller
            }
            logins {
                a_persons_live_sessions_are_listed_the_last_used_first
                a_person_ends_own_sessions_only
            }
            tokens {
                a_persons_tokens_are_listed_with_what_they_may_and_when_they_end
                a_person_ends_own_tokens_only
                a_token_that_has_run_out_speaks_for_nobody_and_is_told_of
            }
            bots {
                who_owns_a_room_makes_bots
                a_bots_tokens_are_its_owners
                a_token_keeps_its_scopes
                a_deleted_bot_leaves_and_its_tokens_end
            }
            closing {
                a_deleted_account_is_gone_at_once_and_its_name_is_free
                the_log_of_a_deleted_account_names_nobody
                only_ones_own_account_or_as_admin_and_never_the_last_admins
                rooms_get_another_owner_or_are_archived_and_direct_ones_stay
                what_was_said_stays_where_it_was_asked_to
                what_was_said_goes_bit_by_bit_and_is_told
            }
            hooks {
                a_hook_has_a_bot_in_its_room
                a_hook_asks_for_permission
                a_hooks_name_is_its_own
                a_revoked_hook_leaves_its_messages_and_frees_its_name
                nobody_logs_in_to_a_bot
            }
            changes {
                a_change_takes_the_next_seq_and_is_told
                what_is_so_already_takes_no_seq
                a_change_asks_for_permission
                a_message_takes_so_many_emoji
                only_its_place_is_left_of_a_deleted_message
                a_reply_is_of_the_same_room_and_counted_at_the_first
                mentions_are_counted_until_they_are_read_or_gone
                an_edit_mentions_only_who_was_not_mentioned_before
                everybody_is_mentioned_at_once
                whose_count_an_edit_changes_is_told
            }
            lists {
                what_is_saved_is_told_once_and_to_its_owner_alone
                what_is_saved_comes_in_pages
                a_thread_comes_in_pages
            }
            devices {
                a_secret_of_the_server_is_made_once
                a_person_says_when_to_hear_nothing
                a_device_is_pushed_to_as_long_as_its_session_lasts
                a_device_belongs_to_who_asked_last
                of_too_many_devices_the_oldest_gives_way
            }
            notices {
                what_is_said_concerns_who_is_meant
                a_mention_that_an_edit_adds_concerns_who_is_new_in_it
                a_room_is_told_as_its_members_want_it
                what_is_read_or_old_concerns_nobody
                of_a_room_the_newest_is_pushed
                a_room_that_was_read_is_cleared
                a_push_that_fails_waits_and_one_that_is_gone_ends
                what_was_missed_is_due_once_unless_it_was_read
                what_was_not_mailed_is_due_again
            }
            outgoing {
                what_happens_in_a_room_is_queued_for_its_webhooks
                a_failed_delivery_is_due_again_later
                a_webhook_that_goes_on_failing_or_is_gone_is_disabled
                an_outgoing_hook_asks_for_permission_and_goes_with_its_queue
            }
            previews {
                a_page_is_known_until_it_has_run_out
                previews_are_told_once_and_take_the_next_seq
                a_message_that_changed_meanwhile_gets_no_previews
                an_edit_keeps_previews_of_links_that_stay
                previews_that_were_taken_away_stay_away
                a_page_that_nobody_shows_goes_with_its_picture
            }
            reading {
                who_writes_has_read_what_stands_before
                a_read_mark_never_goes_back
                a_new_member_has_nothing_unread
                history_is_read_from_any_point
                an_empty_page_knows_what_is_around_it
            }
            missed {
                what_was_missed_is_the_newest_of_it
                what_was_missed_in_several_rooms_is_told_until_it_is_enough
                changes_come_oldest_first
                who_does_not_belong_to_a_room_misses_nothing
                changes_come_in_pages_without_gap_or_repeat
            }
            uploads {
                an_upload_waits_for_its_message
                an_upload_is_taken_once_and_by_its_owner
                a_persons_uploads_stay_within_the_quota
                what_goes_is_doomed_until_it_is_buried
            }
            views {
                a_member_is_shown_a_room_and_what_stands_around_it
                a_direct_conversation_is_shown_with_read_marks
                a_room_is_shown_to_who_may_come_in
                rooms_are_told_by_a_credential_that_holds
            }
            search {
                words_are_found_whatever_their_case_and_accents
                only_ones_own_rooms_are_searched
                who_belongs_to_many_rooms_finds_what_is_in_them_and_no_more
                a_search_has_filters_and_pages
                what_is_edited_or_deleted_is_found_as_it_is_now
            }
        }
    };
    ($open:path; $($subject:ident { $($rule:ident)+ })+) => {
        $(mod $subject {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $rule() {
                $crate::store::rules::$subject::$rule($open().await).await;
            })+
        })+
    };
}

pub(crate) use fixture::Fixture;
pub(crate) use records::{named, new_account, new_message, new_room, new_session, new_token};
pub(crate) use store_rules;

/// The time at which a fixture's store is opened.
pub(crate) const START: Timestamp = Timestamp(1_000_000);

/// So many seconds after [`START`].
pub(crate) fn later(seconds: u64) -> Timestamp {
    START.plus(Duration::from_secs(seconds))
}

/// This person, who may do anything, a little later.
pub(crate) fn by(person: &Account) -> Actor {
    Actor {
        user: person.card.id,
        now: later(9),
        permit: allow,
    }
}

/// Everybody may.
#[allow(clippy::unnecessary_wraps, reason = "a permit is this type")]
pub(crate) fn allow(_: &Standing, _: Timestamp) -> Result<(), Denied> {
    Ok(())
}

/// Nobody may.
pub(crate) fn deny(_: &Standing, _: Timestamp) -> Result<(), Denied> {
    Err(Denied::Forbidden)
}

/// Members may.
pub(crate) fn members_only(standing: &Standing, _: Timestamp) -> Result<(), Denied> {
    standing
        .membership
        .as_ref()
        .map(drop)
        .ok_or(Denied::NotFound)
}

pub(crate) fn room_code(code: &str) -> RoomCode {
    RoomCode::parse(code).expect("a code")
}

/// What must have failed with this, in short: `Taken("name")`.
pub(crate) fn refusal<T>(result: Result<T>) -> String {
    let Err(error) = result else {
        panic!("this must fail")
    };
    match error {
        StoreError::Failed(source) => format!("Failed: {source}"),
        other => format!("{other:?}"),
    }
}
