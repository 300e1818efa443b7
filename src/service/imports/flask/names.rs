//! What such apps call their tables and columns.

/// Something that a table may hold.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// What its table is called in most apps, the usual first.
    pub(super) tables: &'static [&'static str],
    pub(super) fields: &'static [Field],
}

/// A column of a part.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) needed: bool,
    /// What it is called: the first group in which a column is found counts.
    pub(super) names: &'static [&'static [&'static str]],
}

const fn field(
    name: &'static str,
    needed: bool,
    names: &'static [&'static [&'static str]],
) -> Field {
    Field {
        name,
        needed,
        names,
    }
}

const OWNERS: &[&[&str]] = &[
    &[
        "ownerid",
        "createdbyid",
        "creatorid",
        "hostid",
        "adminid",
        "userid",
    ],
    &["owner", "createdby", "creator", "host"],
];
const TIMES: &[&[&str]] = &[
    &["timestamp", "createdat", "sentat", "postedat", "datetime"],
    &[
        "created",
        "createdon",
        "datecreated",
        "dateposted",
        "datesent",
        "sent",
    ],
    &["date", "time"],
];
const GONE: &[&[&str]] = &[&["deleted", "isdeleted", "deletedat"]];

/// The people. All names here are in lower case, without `_` and `-`.
pub(super) const USER: Part = Part {
    name: "user",
    tables: &[
        "user",
        "users",
        "account",
        "accounts",
        "member",
        "members",
        "person",
        "people",
        "profile",
        "profiles",
        "login",
        "logins",
        "useraccount",
        "authuser",
    ],
    fields: &[
        field("id", false, &[]),
        field(
            "name",
            true,
            &[
                &["username", "login", "nick", "nickname", "handle"],
                &["name", "displayname", "screenname", "fullname"],
                &["email", "emailaddress", "mail"],
            ],
        ),
        field(
            "password",
            true,
            &[
                &[
                    "passwordhash",
                    "pwhash",
                    "passhash",
                    "hashedpassword",
                    "passworddigest",
                    "hash",
                ],
                &["password", "passwd", "pass", "pw", "pwd"],
            ],
        ),
        field("email", false, &[&["email", "emailaddress", "mail"]]),
        field(
            "photo",
            false,
            &[
                &[
                    "photo",
                    "avatar",
                    "profilepic",
                    "profilepicture",
                    "profilephoto",
                    "profileimage",
                    "picture",
                ],
                &[
                    "pic",
                    "image",
                    "imagefile",
                    "avatarfile",
                    "avatarurl",
                    "photofilename",
                    "photourl",
                    "photopath",
                ],
            ],
        ),
        field("active", false, &[&["isactive", "active", "enabled"]]),
        field(
            "blocked",
            false,
            &[
                &[
                    "isbanned",
                    "banned",
                    "isblocked",
                    "blocked",
                    "isdisabled",
                    "disabled",
                ],
                &["deleted", "isdeleted", "deletedat"],
            ],
        ),
    ],
};

pub(super) const MESSAGE: Part = Part {
    name: "message",
    tables: &[
        "message",
        "messages",
        "msg",
        "msgs",
        "chat",
        "chats",
        "chatmessage",
        "chatmessages",
        "chathistory",
    ],
    fields: &[
        field("id", false, &[]),
        field(
            "author",
            true,
            &[
                &[
                    "userid",
                    "authorid",
                    "senderid",
                    "fromid",
                    "fromuserid",
                    "uid",
                ],
                &["username", "author", "sender", "user", "fromuser", "nick"],
                &["name"],
            ],
        ),
        field(
            "to",
            false,
            &[
                &["recipientid", "receiverid", "toid", "touserid", "targetid"],
                &["recipient", "receiver", "touser"],
            ],
        ),
        field(
            "text",
            true,
            &[
                &["text", "content", "message", "body", "msg", "messagetext"],
                &["data"],
            ],
        ),
        field("time", false, TIMES),
        field(
            "room",
            false,
            &[
                &["roomid", "channelid", "conversationid", "chatid", "groupid"],
                &["room", "roomcode", "roomname", "channel"],
            ],
        ),
        field("deleted", false, GONE),
    ],
};

pub(super) const ROOM: Part = Part {
    name: "room",
    tables: &[
        "room",
        "rooms",
        "channel",
        "channels",
        "chatroom",
        "chatrooms",
        "conversation",
        "conversations",
        "group",
        "groups",
    ],
    fields: &[
        field("id", false, &[]),
        field("name", false, &[&["name", "roomname", "title"]]),
        field("code", false, &[&["code", "roomcode", "slug"]]),
        field("topic", false, &[&["topic", "description"]]),
        field("owner", false, OWNERS),
        field("time", false, TIMES),
        field("private", false, &[&["isprivate", "private"]]),
    ],
};

pub(super) const MEMBER: Part = Part {
    name: "member",
    tables: &[
        "roommember",
        "roommembers",
        "participant",
        "participants",
        "membership",
        "memberships",
        "userroom",
        "userrooms",
        "roomuser",
        "roomusers",
        "channelmember",
        "channelmembers",
        "groupmember",
        "groupmembers",
        "member",
        "members",
    ],
    fields: &[
        field(
            "room",
            true,
            &[
                &["roomid", "channelid", "conversationid", "chatid", "groupid"],
                &["room", "roomcode"],
            ],
        ),
        field(
            "user",
            true,
            &[
                &["userid", "memberid", "participantid"],
                &["username", "user"],
            ],
        ),
    ],
};

/// All of them.
pub(super) const PARTS: [&Part; 4] = [&USER, &MESSAGE, &ROOM, &MEMBER];
