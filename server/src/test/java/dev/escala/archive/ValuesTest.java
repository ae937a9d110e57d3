package dev.escala.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.query.ColumnType.Scalar;
import dev.escala.serve.columnar.ParquetFile;
import dev.escala.serve.rows.UnfitValue;
import dev.escala.store.ArchiveStore.PartColumn;
import dev.hardwood.InputFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL prints, through a file and back. */
class ValuesTest {
  private static ArchiveColumn column(String type) {
    return ArchiveColumn.of(new PartColumn("c", type));
  }

  private static RowSum printed(List<ArchiveColumn> columns, @Nullable String... texts) {
    RowSum sum = new RowSum(columns);
    for (String text : texts) {
      sum.addPrinted(new @Nullable String[] {text});
    }
    return sum;
  }

  private static FileReading through(List<ArchiveColumn> columns, @Nullable String... texts)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ParquetFile file =
        new ParquetFile(List.of(new ParquetFile.Field("c", columns.getFirst().type(), 1, 2)), out);
    for (String text : texts) {
      file.add(
          new @Nullable Object[] {text == null ? null : PrintedValue.of(columns.getFirst(), text)});
    }
    assertThat(file.end()).isEqualTo(new ParquetFile.Written(texts.length, out.size()));
    FileReading reading = new FileReading(columns);
    reading.read(InputFile.of(ByteBuffer.wrap(out.toByteArray())));
    return reading;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "boolean!t!f",
        "smallint!-32768!32767",
        "integer!-2147483648!2147483647",
        "bigint!-9223372036854775808!9223372036854775807",
        "real!1e-45!3.4028235e+38",
        "real!-0!NaN",
        "double precision!5e-324!1.7976931348623157e+308",
        "double precision!-Infinity!0.1",
        "numeric(38,10)!-9999999999999999999999999999.9999999999!0.0000000001",
        "numeric(3,0)!-1!999",
        "numeric!1e!123456789012345678901234567890123456789012345.678901",
        "text!\\N!\u0001é😀",
        "date!0001-01-01 BC!5874897-12-31",
        "timestamp without time zone!4713-01-01 00:00:00 BC!294246-12-31 23:59:59.999999",
        "timestamp(3) with time zone!1969-12-31 23:59:59.9+00!0044-03-15 12:00:00.000001+00 BC",
        "bytea!\\x!\\x00ff",
        "jsonb!{\"a\": [1, 2.50]}!null",
        "uuid!00000000-0000-0000-0000-000000000000!ffffffff-ffff-ffff-ffff-ffffffffffff",
        "text[]!{}!{\"a,b\",NULL,\"NULL\",\"\",\"q\\\"\\\\\"}",
        "timestamp with time zone[]!{\"2026-09-01 00:00:00+00\",NULL}!{NULL}",
        "numeric(10,2)[]!{1.10,-2.00}!{0.00}",
        "time without time zone!24:00:00!00:00:00.000001",
      })
  void nothingIsLost(String type, String one, String other) throws IOException {
    List<ArchiveColumn> columns = List.of(column(type));
    FileReading read = through(columns, one, null, other);
    assertThat(read.sum()).hasToString(printed(columns, one, null, other).toString());
    assertThat(read.sum()).hasToString(printed(columns, other, one, null).toString());
    assertThat(read.sum().toString())
        .isNotEqualTo(printed(columns, one, one, null).toString())
        .isNotEqualTo(printed(columns, one, null).toString())
        .isNotEqualTo(printed(columns, one, null, other, other).toString());
  }

  @Test
  void whatHasTheSameOctetsIsNotTheSame() {
    List<ArchiveColumn> columns = List.of(column("text[]"));
    assertThat(printed(columns, "{a,b}").toString())
        .isNotEqualTo(printed(columns, "{ab}").toString())
        .isNotEqualTo(printed(columns, "{a,b,NULL}").toString());
    assertThat(printed(columns, "{}").toString())
        .isNotEqualTo(printed(columns, new @Nullable String[] {null}).toString())
        .isNotEqualTo(printed(columns, "{NULL}").toString());
  }

  @Test
  void countsAndBoundsAreThoseOfTheFile() throws IOException {
    FileReading read = through(List.of(column("bigint")), "-5", null, "7", null);
    assertThat(read.facts().getFirst().least).isEqualTo(-5);
    assertThat(read.facts().getFirst().most).isEqualTo(7);
    assertThat(read.facts().getFirst().nulls).isEqualTo(2);
    assertThat(read.facts().getFirst().values).isEqualTo(4);
    assertThat(read.groups()).containsExactly(4L);
    FileReading none = through(List.of(column("double precision")), "NaN", "1");
    assertThat(none.facts().getFirst().nans).isEqualTo(1);
    assertThat(none.facts().getFirst().hasBounds()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "date!infinity",
        "timestamp with time zone!-infinity",
        "numeric(5,2)!NaN",
        "integer[]!{{1,2},{3,4}}",
        "integer[]![2:3]={1,2}"
      })
  void whatHasNoPlaceIsToldWithItsColumn(String type, String text) {
    assertThatThrownBy(() -> through(List.of(column(type)), text))
        .isInstanceOf(UnfitValue.class)
        .hasMessageContaining("\"c\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jsonb",
        "uuid",
        "numeric",
        "numeric(39,2)",
        "interval",
        "inet",
        "time without time zone",
        "xml"
      })
  void whatEnginesDoNotHaveIsText(String type) {
    assertThat(column(type).type().scalar()).isEqualTo(Scalar.TEXT);
    assertThat(column(type).iceberg()).isEqualTo(Types.StringType.get());
  }
}
