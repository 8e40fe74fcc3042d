//! The seal: the only user of ring. AES-256-GCM with random nonces, keys wrapped by the region's
//! key, keyed look-ups, digests, and random bytes. A sealed blob is nonce ‖ ciphertext ‖ tag.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use ring::{digest, hmac};
use zeroize::Zeroizing;

use crate::kernel::error::{Error, Result};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// SHA-256 of the parts, one after another.
pub fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// Whether a signature that [`Keys::sign`] made fits.
pub fn is_signed(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(message, signature).is_ok()
}

/// So many bytes from the system's random source.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::fault("the system's random source failed"))?;
    Ok(bytes)
}

/// A 256-bit key in memory; its bytes are wiped when dropped, never printed.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; 32]>,
    /// The same made ready, for a page opens fifty entries with one key.
    cipher: LessSafeKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A fresh random key.
    pub fn random() -> Result<Self> {
        let bytes = Zeroizing::new(random::<32>()?);
        Self::from_bytes(bytes.as_ref()).ok_or_else(|| Error::fault("a key has the wrong length"))
    }

    /// A key from its bytes; `None` unless there are exactly 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).ok()?);
        Some(Self { bytes: Zeroizing::new(bytes.try_into().ok()?), cipher })
    }

    /// The key's bytes, for the keys file and the recovery sheet only.
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Seals `plain`, bound to `about` (associated data: what and where it is).
    pub fn seal(&self, about: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = self
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), body)
            .map_err(|_| Error::fault("sealing failed"))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what [`Key::seal`] made; a fault when the key, the place or the bytes do not fit.
    pub fn open(&self, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let broken =
            || Error::fault("a sealed payload does not open: wrong key, wrong place or changed bytes");
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut body = body.to_vec();
        let length =
            self.cipher.open_in_place(nonce, Aad::from(about), &mut body).map_err(|_| broken())?.len();
        body.truncate(length);
        Ok(body)
    }

    /// A keyed look-up value: equal for equal text, meaningless without the key.
    pub fn look_up(&self, domain: &str, text: &str) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.bytes.as_ref());
        let mut context = hmac::Context::with_key(&key);
        context.update(domain.as_bytes());
        context.update(&[0]);
        context.update(text.as_bytes());
        context.sign().as_ref().to_vec()
    }
}

/// The region's keys, from the file that lies outside the database, the data folder and the backup.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Wraps every log's own key.
    region: Key,
    /// Makes look-up values; it never rotates with the others.
    look_up: Key,
}

/// What a wrapped key is bound to.
const WRAP: &[u8] = b"renkei/wrap/1";

impl Keys {
    /// Fresh keys for a new region.
    pub fn random() -> Result<Self> {
        Ok(Self { region: Key::random()?, look_up: Key::random()? })
    }

    /// Keys from their parts.
    pub fn new(region: Key, look_up: Key) -> Self {
        Self { region, look_up }
    }

    /// The parts: region key and look-up key, for the keys file and the recovery sheet only.
    pub fn parts(&self) -> (&Key, &Key) {
        (&self.region, &self.look_up)
    }

    /// Wraps a log's key, bound to the log.
    pub fn wrap(&self, log: &[u8], key: &Key) -> Result<Vec<u8>> {
        self.region.seal(&[WRAP, log].concat(), key.expose())
    }

    /// Unwraps a log's key.
    pub fn unwrap(&self, log: &[u8], wrapped: &[u8]) -> Result<Key> {
        let bytes = Zeroizing::new(self.region.open(&[WRAP, log].concat(), wrapped)?);
        Key::from_bytes(&bytes).ok_or_else(|| Error::fault("a wrapped key has the wrong length"))
    }

    /// The key that signs checkpoints; it follows from the look-up key, which never rotates.
    fn signer(&self) -> Result<Ed25519KeyPair> {
        let seed = self.look_up.look_up("checkpoint-signer", "");
        Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Error::fault("the signing key cannot be made"))
    }

    /// Signs a checkpoint: the public key, and the signature.
    pub fn sign(&self, message: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let signer = self.signer()?;
        Ok((signer.public_key().as_ref().to_vec(), signer.sign(message).as_ref().to_vec()))
    }

    /// A look-up value for a sealed text.
    pub fn look_up(&self, domain: &str, text: &str) -> Vec<u8> {
        self.look_up.look_up(domain, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_only_in_its_place() {
        let key = Key::random().unwrap();
        let sealed = key.seal(b"log 1", "発熱なし".as_bytes()).unwrap();
        assert_eq!(key.open(b"log 1", &sealed).unwrap(), "発熱なし".as_bytes());
        assert!(key.open(b"log 2", &sealed).is_err());
        assert!(Key::random().unwrap().open(b"log 1", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open(b"log 1", &changed).is_err());
        assert!(key.open(b"log 1", b"short").is_err());
    }
}
