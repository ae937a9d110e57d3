package dev.escala.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A column, or what columns make together: it writes what stands next in them as JSON. */
sealed interface ParquetNode {
  /** One of its columns, which tells whether there is anything. */
  ParquetColumn first();

  /** Writes it, and goes behind it. */
  void write(JsonGenerator out);

  /** Goes behind an entry that says that there is nothing. */
  void pass();

  /** What may be null, and is below a level. */
  record Optional(ParquetNode node, int definition) implements ParquetNode {
    @Override
    public ParquetColumn first() {
      return node.first();
    }

    @Override
    public void write(JsonGenerator out) {
      if (first().definition() < definition) {
        pass();
        out.writeNull();
      } else {
        node.write(out);
      }
    }

    @Override
    public void pass() {
      node.pass();
    }
  }

  /** A value. */
  record Leaf(ParquetColumn first) implements ParquetNode {
    @Override
    public void write(JsonGenerator out) {
      first.value().write(out);
      first.pass();
    }

    @Override
    public void pass() {
      first.pass();
    }
  }

  /** Fields with their names, as an object. */
  record Struct(List<String> names, List<ParquetNode> fields) implements ParquetNode {
    @Override
    public ParquetColumn first() {
      return fields.getFirst().first();
    }

    @Override
    public void write(JsonGenerator out) {
      out.writeStartObject();
      for (int i = 0; i < fields.size(); i++) {
        out.writeName(names.get(i));
        fields.get(i).write(out);
      }
      out.writeEndObject();
    }

    @Override
    public void pass() {
      fields.forEach(ParquetNode::pass);
    }
  }

  /**
   * Elements, as an array.
   *
   * @param definition below it there are none
   * @param repetition of each entry that begins another one
   */
  record Elements(ParquetNode element, int definition, int repetition) implements ParquetNode {
    @Override
    public ParquetColumn first() {
      return element.first();
    }

    @Override
    public void write(JsonGenerator out) {
      out.writeStartArray();
      if (first().definition() < definition) {
        pass();
      } else {
        do {
          element.write(out);
        } while (first().has() && first().repetition() == repetition);
      }
      out.writeEndArray();
    }

    @Override
    public void pass() {
      element.pass();
    }
  }

  /**
   * Values by their keys, as an object; a key that is no text has the text of its value.
   *
   * @param value null where there are only keys
   */
  record Entries(ParquetColumn first, @Nullable ParquetNode value, int definition, int repetition)
      implements ParquetNode {
    @Override
    public void write(JsonGenerator out) {
      out.writeStartObject();
      if (first.definition() < definition) {
        pass();
      } else {
        do {
          entry(out);
        } while (first.has() && first.repetition() == repetition);
      }
      out.writeEndObject();
    }

    private void entry(JsonGenerator out) {
      if (first.isNull()) {
        throw new UnreadableValue(first.name(), "a key that is null");
      }
      out.writeName(first.value().text());
      first.pass();
      if (value == null) {
        out.writeNull();
      } else {
        value.write(out);
      }
    }

    @Override
    public void pass() {
      first.pass();
      if (value != null) {
        value.pass();
      }
    }
  }
}
