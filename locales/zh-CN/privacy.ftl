# 处理目的、处理依据、可见原因、审计账本、擦除、紧急访问

purpose = 处理目的
purposes = 处理目的
why-kept = 处理目的与访问
basis = 处理依据
source = 信息来源
laws = 适用法律
evidence = 同意凭证
evidence-hint = 表单、版本和日期
since = 自 { $date } 起
purpose-until = 截至 { $date }
purpose-ended = 已于 { $date } 终止
purpose-ended-suffix = （已终止）
purpose-open = 尚未确定截止日期
purpose-over = 已终止
kept-until = 留存至 { $date }（{ $why }）
person-open = 查看依据与同意
this-view = 本次查看
this-view-for = 本页按“{ $purpose }”目的显示。
use-for = 改为按“{ $purpose }”目的查看
why-may-i = 为何可见？

origin-title = 处理目的
origin-help = 仅选择确有必要的目的。最后一个目的终止后，信息将被擦除。
origin-opens = 选择后可填写：{ $fields }。
consent-needed = 需取得同意
consent-separate = 需取得单独同意

level-clear = 明文
level-masked = 脱敏可见
level-none = 不可见
explain-record = 记录本身
explain-fields = 逐个字段
explain-others = 换一个处理目的
rule-permits = 允许
rule-forbids = 禁止

reveal-title = 查看明文：{ $field }
reveal-why = 用途是什么？
reveal-other = 其他用途，请说明：
reveal-words = 用途说明
reveal-do = 查看明文并记录
reveal-hide = 隐藏并返回
reason-help = 此内容将写入审计账本，请勿填写个人信息。

ledger = 审计账本
ledger-empty = 暂无条目
ledger-unchecked = 尚未验证
ledger-verified = 已于 { $at } 验证通过
ledger-broken = 自条目 { $entry } 起校验不符
checkpoint = 校验点 { $size }，签署于 { $at }
checkpoint-behind = 另有 { $n } 条新条目
for-purpose = 目的：{ $purpose }
level-clear-fields = 明文：{ $fields }
level-masked-fields = 脱敏：{ $fields }
act-viewed = { $who } 查看了{ $what }
act-listed = { $who } 列出了{ $what }
act-counted = { $who } 统计了{ $what }
act-searched = { $who } 搜索了{ $what }
act-exported = { $who } 导出了{ $what }
act-imported = { $who } 导入了{ $what }
act-revealed = { $who } 查看了{ $what }的明文
act-created = { $who } 新建了{ $what }
act-changed = { $who } 修改了{ $what }
act-deleted = { $who } 删除了{ $what }
act-erased = { $who } 擦除了{ $what }
act-refused = { $who } 访问{ $what }被拒绝
act-signed-in = { $who } 登录
act-signed-out = { $who } 退出登录

erase-title = 擦除个人信息
erase-goes = 将擦除 { $n } 条记录
erase-key = 此人的密钥将被销毁，数据行、历史记录、搜索索引和账本内容随即无法读取。此操作不可撤销。
erase-backups = { $date } 之前的备份仍可打开，自该日起也将无法读取。恢复备份时会再次执行本次擦除。
erase-stays = 继续保存的内容
erase-held = 当前不能擦除。
erase-reason = 擦除原因
erase-type = 请输入 { $word } 以确认
erase-do = 永久擦除

emergency = 紧急访问
emergency-warning = 你将在短时间内获得超出角色的权限。系统会立即将理由通知{ $told }，对方可看到你查看的全部内容。
emergency-scope = 需要访问什么？
emergency-minutes = 需要多长时间？
emergency-reason = 发生了什么情况？
emergency-do = 开启并通知负责人
