#!/bin/sh
# Builds the example's three app versions: real, signed, installable APKs without code (about 8 KB each).
# Needs aapt, the Android framework's resources, apksigner and keytool; on Debian:
#   apt-get install aapt android-framework-res apksigner default-jre-headless
# All three are signed with one key, so that each can be installed over another; the key is thrown away at the end.
# Running this again therefore makes APKs of another signature: build all three or none.
set -eu

builds=$(cd "$(dirname "$0")" && pwd)
framework=${ANDROID_FRAMEWORK_APK:-/usr/share/android-framework-res/framework-res.apk}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

keytool -genkeypair -keystore "$scratch/throwaway.jks" -storepass throwaway -alias shop \
    -keyalg RSA -keysize 2048 -validity 10000 -dname "CN=Example Shop" >/dev/null 2>&1

build() { # build VERSION_CODE VERSION_NAME
    mkdir "$scratch/$2"
    cat >"$scratch/$2/AndroidManifest.xml" <<XML
<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android"
    package="com.example.shop" android:versionCode="$1" android:versionName="$2">
  <uses-sdk android:minSdkVersion="24" android:targetSdkVersion="34"/>
  <uses-permission android:name="android.permission.INTERNET"/>
  <application android:label="Example Shop" android:hasCode="false">
    <activity android:name=".MainActivity" android:exported="true">
      <intent-filter>
        <action android:name="android.intent.action.MAIN"/>
        <category android:name="android.intent.category.LAUNCHER"/>
      </intent-filter>
    </activity>
  </application>
</manifest>
XML
    aapt package -M "$scratch/$2/AndroidManifest.xml" -I "$framework" -F "$scratch/$2/unsigned.apk"
    apksigner sign --ks "$scratch/throwaway.jks" --ks-pass pass:throwaway --v4-signing-enabled false \
        --out "$builds/shop-$2.apk" "$scratch/$2/unsigned.apk"
    apksigner verify "$builds/shop-$2.apk"
}

build 100 1.0.0
build 123 1.2.3
build 200 2.0.0
ls -l "$builds"/shop-*.apk
