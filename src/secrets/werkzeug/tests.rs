//! Vectors that werkzeug 3.1.9 made, and what is refused.

use super::*;

const PASSWORD: &str = "péché mignon 7";

const VECTORS: [&str; 9] = [
    "scrypt:32768:8:1$EJNzbObXfBxZcy2g$9d5e4454776916aa66f30ea77b2f9ffe3c9a29f9817a100c1bb2a8f65dfc94c0f4b025e7ec4a0caec6691b0cfc2a35290e0d9530646ee399159a7cfa20c33dc2",
    "scrypt:1024:8:1$CBDveeRPFlhRqrdz$f00550f81fa9d3e3a336e9eae01c46915ad4ead6b62c590df67c765968fdd7f7fd005ee4d58608aa83c052d0548db2485dde21e2778264b6663751fa03b928b3",
    "scrypt:256:4:2$yLuLNjj8a8D2I30R$e7653feebc1bd8be622ee79db9ed7208810f4d52b3333a27c0dd39b83f821ef9b252c93e5b6369b3f8ea221cdd70d6662db6e2bed3e1fc14401f132011fbbf8f",
    "pbkdf2:sha256:1000$1jYWh9gPiLxBZ9za$07752e67f0e5601707ffffb914e83f24ec2fc797b237a25f9211c95cec4c6cf6",
    "pbkdf2:sha256:600000$IVhDWlxk4Qxq88Ju$b5dd60233faa43d12514db0367064b5dadf7bdabd72f21b02631477f6e99529c",
    "pbkdf2:sha1:1000$43tW7nAC1Ms4LGED$1c389748e424d9d66146bc07376b95f5ad733322",
    "pbkdf2:sha512:500$AqFMIIllOChS3DSo$3397d510f8bf9047fa7cd291a73438b758ba0f7e8473799849825629bc06dc6baf4393dd9026916b787f117d39051abece2c69bbf82b1393aa6f2e9a836a9b9d",
    "pbkdf2:sha224:500$hF5Qi9CSksryoVLT$559a95174a556655399e6d3252f06c895f72e707c7662774692dc138",
    "pbkdf2:sha384:500$wH2HV2cb5mQttLoE$a744d3a1e7751c968283b70528ea5908d4171090b6371d68b70f94b3a10cf2abf8ad28b0f701c9e44d73cc59228fe082",
];

fn parse(text: &str) -> WerkzeugHash {
    WerkzeugHash::parse(text).expect(text)
}

#[test]
fn what_werkzeug_made_fits_its_password_only() {
    let kinds = Kinds::default();
    for text in VECTORS {
        let hash = parse(text);
        assert!(kinds.compare(PASSWORD.as_bytes(), Some(&hash)), "{text}");
        assert!(!kinds.compare(b"another one", Some(&hash)), "{text}");
        let stored = hash.stored();
        assert_eq!(WerkzeugHash::of_store(&stored), Some(Ok(hash)), "{text}");
        assert!(text.starts_with(parse(text).method()));
    }
    assert!(!kinds.compare(PASSWORD.as_bytes(), None));
    assert_eq!(WerkzeugHash::of_store(VECTORS[1]), None);
    assert_eq!(format!("{:?}", parse(VECTORS[0])), "WerkzeugHash(…)");
}

#[test]
fn what_cannot_be_kept_is_refused_with_its_reason() {
    let output = "0".repeat(128);
    for (text, reason) in [
        (String::new(), Unfit::Missing),
        ("hunter2".to_owned(), Unfit::Plain),
        ("a$b".to_owned(), Unfit::Plain),
        ("plain$$hunter2".to_owned(), Unfit::Plain),
        ("sha256$abc$0011".to_owned(), Unfit::Fast("sha256")),
        ("md5$abc$0011".to_owned(), Unfit::Fast("md5")),
        ("sha1$abc$0011".to_owned(), Unfit::Fast("sha1")),
        ("pbkdf2:md5:1000$abc$0011".to_owned(), Unfit::Fast("md5")),
        ("pbkdf2:sha3_256:1000$abc$00".to_owned(), Unfit::Method),
        ("mine$abc$00".to_owned(), Unfit::Method),
        ("$2b$12$abcdef".to_owned(), Unfit::Other("bcrypt")),
        ("$argon2id$v=19$m=1".to_owned(), Unfit::Other("Argon2")),
        ("$pbkdf2-sha512$2$a$b".to_owned(), Unfit::Other("passlib")),
        ("$scrypt$ln=14".to_owned(), Unfit::Other("another library")),
        (format!("scrypt:32768:8$abc${output}"), Unfit::Damaged),
        (format!("scrypt:32767:8:1$abc${output}"), Unfit::Damaged),
        (format!("scrypt:-2:8:1$abc${output}"), Unfit::Damaged),
        (format!("scrypt:32768:8:0$abc${output}"), Unfit::Damaged),
        (format!("scrypt:32768:8:1$${output}"), Unfit::Damaged),
        (format!("scrypt:32768:8:1$abc${output}00"), Unfit::Damaged),
        (format!("scrypt:32768:8:1$abc${output}0"), Unfit::Damaged),
        (
            format!("scrypt:32768:8:1$abc${}", "é".repeat(64)),
            Unfit::Damaged,
        ),
        (
            format!("scrypt:32768:8:1${}${output}", "s".repeat(129)),
            Unfit::Damaged,
        ),
        (format!("scrypt:262144:8:1$abc${output}"), Unfit::Costly),
        (format!("scrypt:2:4194304:1$abc${output}"), Unfit::Costly),
        (format!("scrypt:2:1:4294967295$abc${output}"), Unfit::Costly),
        (
            format!("scrypt:4294967295:4294967295:4294967295$abc${output}"),
            Unfit::Damaged,
        ),
        (
            format!("scrypt:9223372036854775808:8:1$abc${output}"),
            Unfit::Costly,
        ),
        ("pbkdf2:sha256:0$abc$00".to_owned(), Unfit::Damaged),
        ("pbkdf2:sha256:4000001$abc$00".to_owned(), Unfit::Costly),
        ("pbkdf2:sha256$abc$00".to_owned(), Unfit::Damaged),
    ] {
        assert_eq!(WerkzeugHash::parse(&text), Err(reason), "{text}");
    }
    let reason = Unfit::Fast("md5").to_string();
    assert!(reason.contains("md5"), "{reason}");
}

/// What a comparison does: of each kind, how often or how many rounds in all.
fn work(kinds: &Kinds, hash: Option<&WerkzeugHash>) -> BTreeMap<Method, u32> {
    let mut done = BTreeMap::new();
    for (method, _) in kinds.steps(hash.map(|hash| hash.method)) {
        let (kind, count) = match method {
            Method::Scrypt(..) => (method, 1),
            Method::Pbkdf2(digest, rounds) => (Method::Pbkdf2(digest, 0), rounds),
        };
        *done.entry(kind).or_default() += count;
    }
    done
}

#[test]
fn a_comparison_costs_the_same_whatever_it_is_with() {
    let kinds = Kinds::of(VECTORS.map(|text| text.split('$').next().unwrap()));
    let nobody = work(&kinds, None);
    assert_eq!(nobody.len(), 8, "{nobody:?}");
    assert_eq!(nobody[&Method::Pbkdf2(Digest::Sha256, 0)], 600_000);
    for text in VECTORS {
        let hash = parse(text);
        assert_eq!(work(&kinds, Some(&hash)), nobody, "{text}");
        let own = kinds
            .steps(Some(hash.method))
            .into_iter()
            .filter(|(_, own)| *own);
        assert_eq!(own.collect::<Vec<_>>(), [(hash.method, true)], "{text}");
    }
    assert!(
        work(&Kinds::default(), None).is_empty(),
        "without such hashes nothing is added"
    );
}

#[test]
fn only_a_few_costs_of_scrypt_are_kept_at_once() {
    let output = "0".repeat(128);
    let mut kinds = Kinds::default();
    for n in [1024, 2048, 4096, 4096] {
        let hash = parse(&format!("scrypt:{n}:8:1$abc${output}"));
        assert_eq!(kinds.admit(&hash), Ok(()), "{n}");
    }
    let fourth = parse(&format!("scrypt:8192:8:1$abc${output}"));
    assert_eq!(kinds.admit(&fourth), Err(Unfit::TooManyKinds));
    assert_eq!(kinds.admit(&parse(VECTORS[4])), Ok(()));
}
