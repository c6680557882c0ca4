# 列表、记录、表单、编辑冲突

masked = 已脱敏
no-value = 无可显示内容
sort = 排序
just-opened = 刚刚打开
pages = 分页
pager-range-of = 第 { $from }–{ $to } 条，共 { $total } 条
pager-range = 第 { $from }–{ $to } 条
pager-total = 共 { $total } 条
pager-previous = 上一页
pager-next = 下一页
used-for = 处理目的

filter = 筛选
filter-apply = 查询
filter-reset = 重置
filter-clear = 清除筛选
filter-remove = 移除筛选：
filter-how = 匹配方式
filter-from = 起
filter-to = 止
list-empty = 暂无数据
list-empty-help = 新建或导入的记录会显示在这里。
list-nothing = 没有符合条件的记录
list-nothing-help = 请减少或放宽筛选条件。

results = 搜索结果
search-for = 关键词：{ $text }
search-filling = 索引仍在建立：{ $n } %，稍后可能找到更多结果。
search-nothing-help = 可尝试减少字数，或使用拼音首字母、不带连字符的料号。

record-previous = 上一条
record-next = 下一条
related = 相关记录
fields-folded = 其余 { $n } 个字段无可显示内容
held = 已限制处理。
held-until = 截至 { $date }。
reveal = 查看明文
why = 为何可见

choose = 请选择
currency = 币种
which-one = 你指的是哪一个？
masked-keep = 当前为 { $mask }，留空则保持不变。
required-note = { $star } 为必填项
save-and-new = 保存并新建
troubles = 有 { $n } 处需要更正

conflict = 编辑冲突
conflict-said = 你编辑期间，{ $who } 已于 { $at } 保存了此记录。你的内容没有丢失，请选择要保留的值。
conflict-was = 原值
conflict-now = 当前值
conflict-yours = 你的值
conflict-merged = 已自动合并
kept-yours = 取你的值
kept-theirs = 取对方的值
conflict-save = 保存我的选择
conflict-again = 放弃并基于当前值重新编辑

list-all = 全部{ $objects }
pager-range-over = 第 { $from }–{ $to } 条，共超过 { $total } 条
chip-search = 搜索：{ $text }
chip-is = { $field }：{ $value }
chip-is-not = { $field }：不是 { $value }
chip-one-of = { $field }：{ $value } 之一
chip-contains = { $field }包含“{ $value }”
chip-starts = { $field }开头为“{ $value }”
chip-from = { $field }自 { $value } 起
chip-to = { $field }至 { $value } 止
chip-empty = { $field }为空
chip-filled = { $field }已填写
op-contains = 包含
op-starts = 开头为
op-is = 等于
history = { $created } 新建，{ $changed } 最近修改
record-ledger = 此记录的账本条目
restricted-reason = 此人的信息仅作存储，只用于履行法定义务。
trouble = { $field }：{ $cure }
and-more = { $names }等，另有 { $n } 个
