# SPDX-License-Identifier: MIT
# Botan: only the algorithms Kith speaks, and their accelerated forms.
# shellcheck shell=bash disable=SC2034,SC2154

package=botan3
versions=(3.13.0 3.7.1)

botan_modules=(
    rsa eme_oaep mgf1 x25519 ed25519 ml_kem pubkey asn1 pem
    sha2_32 sha2_64 sha3 shake shake_xof blake2 hmac hkdf argon2
    aes gcm ghash aead ctr base64 hex
    system_rng locking_allocator os_utils
    hmac_drbg chacha chacha_rng # seeded generators of tests and simulations
)

# Names differ between Botan's versions: those the version at hand lacks are left out.
botan_modules_amd64=(
    cpuid_x86 aes_ni aes_vaes aes_vperm ghash_cpu ghash_avx512_clmul ghash_vperm ctr_avx2 ctr_simd32
    sha2_32_x86 sha2_32_avx2 sha2_32_simd sha2_32_bmi2 sha2_64_x86 sha2_64_avx2 sha2_64_avx512 sha2_64_bmi2
    keccak_perm_bmi2 keccak_perm_avx512 chacha_simd32 chacha_avx2 chacha_avx512
    argon2_simd64 argon2_ssse3 argon2_avx2 argon2_avx512
    simd_2x64 simd_4x32 simd_4x64 simd_8x64 simd_avx2 simd_avx512 simd_hwaes
)
botan_modules_arm64=(
    cpuid_aarch64 aes_armv8 aes_vperm ghash_cpu ghash_vperm ctr_simd32 sha2_32_armv8 sha2_64_armv8
    chacha_simd32 argon2_simd64 simd_2x64 simd_4x32 simd_hwaes
)

known_modules() {
    local -n accelerated=botan_modules_$arch
    printf '%s\n' "${botan_modules[@]}" "${accelerated[@]}" | sort -u \
        | comm -12 - <(python3 configure.py --list-modules 2>/dev/null | sort -u) | paste -sd,
}

build_recipe() {
    python3 configure.py --prefix="$out" --libdir=lib --cc=gcc --cpu="$arch" --extra-cxxflags="$flags" \
        --minimized-build --enable-modules="$(known_modules)" --build-targets=static --disable-shared-library \
        --without-documentation --no-install-python-module --without-compilation-database
    make -j"$jobs"
    make install
}
