package dev.escala.archive;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** An object of S3 that is written; it is there, whole, when its stream is closed. */
record S3Output(S3Client client, String location) implements OutputFile {
  /** S3 takes 10,000 parts: files of up to 160 GB, with one part at a time in memory. */
  private static final int PART_OCTETS = 16 << 20;

  @Override
  public PositionOutputStream create() {
    return createOrOverwrite();
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new Writing(S3Place.of(location));
  }

  @Override
  public InputFile toInputFile() {
    return new S3Input(client, location);
  }

  private final class Writing extends PositionOutputStream {
    private final S3Place place;
    private final List<CompletedPart> parts = new ArrayList<>();
    private ByteArrayOutputStream part = new ByteArrayOutputStream();
    private @Nullable String upload;
    private long position;
    private boolean isClosed;

    Writing(S3Place place) {
      this.place = place;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int octet) {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
      part.write(octets, offset, length);
      position += length;
      if (part.size() >= PART_OCTETS) {
        send();
      }
    }

    /** What is begun and not completed is no object; a rule of the bucket takes it away. */
    private void send() {
      if (upload == null) {
        upload =
            client.createMultipartUpload(r -> r.bucket(place.bucket()).key(place.key())).uploadId();
      }
      int number = parts.size() + 1;
      String tag =
          client
              .uploadPart(
                  r ->
                      r.bucket(place.bucket()).key(place.key()).uploadId(upload).partNumber(number),
                  RequestBody.fromBytes(part.toByteArray()))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      part = new ByteArrayOutputStream();
    }

    @Override
    public void close() {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (upload == null) {
        client.putObject(
            r -> r.bucket(place.bucket()).key(place.key()),
            RequestBody.fromBytes(part.toByteArray()));
        return;
      }
      if (part.size() > 0) {
        send();
      }
      client.completeMultipartUpload(
          r ->
              r.bucket(place.bucket())
                  .key(place.key())
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
    }
  }
}
