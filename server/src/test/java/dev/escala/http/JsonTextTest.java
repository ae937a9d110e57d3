package dev.escala.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void writesEveryKindOfValue() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", Arrays.asList(1, 2.5, true, null, Double.NaN));
    map.put("b", Map.of());
    map.put("c", List.of());
    assertThat(JsonText.of(map)).isEqualTo("{\"a\":[1,2.5,true,null,null],\"b\":{},\"c\":[]}");
  }

  @Test
  void escapesWhatJsonCannotCarry() {
    assertThat(JsonText.of("\"\\\n\r\t\u0001é\uD83D\uDEEB\uD83D"))
        .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001é\uD83D\uDEEB\\ud83d\"");
  }

  @Test
  void problemsHaveTheShapeOfPostgrest() {
    assertThat(Problem.of(ErrorCode.ESC100, "m", "h").json())
        .isEqualTo("{\"code\":\"ESC100\",\"details\":null,\"hint\":\"h\",\"message\":\"m\"}");
  }
}
