package dev.escala.archive;

/** Where an object of S3 is. */
record S3Place(String bucket, String key) {
  private static final String BEFORE_BUCKET = "://";

  /** Of a location such as {@code s3://bucket/folder/file}. */
  static S3Place of(String location) {
    int begin = location.indexOf(BEFORE_BUCKET) + BEFORE_BUCKET.length();
    int slash = location.indexOf('/', begin);
    return new S3Place(location.substring(begin, slash), location.substring(slash + 1));
  }
}
